"""A rest that is none: seen where a model begins again, and never where it goes on."""

from __future__ import annotations

import pytest

from desktop.core.outgoing.continuation import Joint, begins_again

STORY = "Once there was a majestic dragon, and the wind was strong enough for this dragon to bring"
LIST = "Here is the list:\n\n- The first city is Berlin, which lies on the Spree.\n- The second"
CHINESE = "从前有一条龙住在很高的山上，它每天早晨都飞到村子里，给孩子们带"

# a reply that broke off, and what came
AGAIN = [
    (STORY, "Once upon a time, in the lands of Elyria, there"),
    ("In the kingdom there lived a majestic dra", "The city of Eldrador was known"),
    (STORY, "Once there was a majestic dragon who"),
    (STORY, "I would love to tell you a story about"),
    (STORY, "A dragon once lived in"),
    ("The notice period is thirty days and begins", "The notice period is thirty days. It"),
    ("Photosynthesis is how plants turn light into sugar. First the", "Photosynthesis is a process by"),
    ("You asked about the contract. Clause seven says that the", "Sure, here is"),
    ("We deliver on Monday. The spare parts for the pump will", "Dear customer"),
    (f"{STORY} it. And so it", "Once there was a majestic dragon, and"),
    (LIST, "Here is the list:\n\n- Hamburg"),
    ("Die Kündigungsfrist beträgt vier Wochen und begin", "Die Kündigungsfrist beträgt nach"),
    ("Le contrat prévoit un délai de trente jours et comm", "Voici le contrat"),
    (CHINESE, "从前有一条龙，它"),
    ("根据合同第七条，延迟交货的违约金为每周百分之三，最高不超", "根据合同第七条的规定"),
    ("首先需要打开设置，然后选择网络，再点", "首先需要打开电脑"),
    ("人工智能是计算机科学的一个分支，它研究如何让机", "人工智能是一种技术"),
    ("这份报告分析了三个季度的销售情况，其中第二", "这份报告分析了去年"),
    ("您好，关于您的订单，我们已经", "您好，关于您的问题"),
    ("春天到了，公园里的花都开了，孩子们在草地", "春天到了，公园里很"),
]
GOES_ON = [
    (STORY, " great loads over the sea"),
    (STORY, "ing it"),
    (STORY, ", in the end, Anna"),
    (STORY, " Anna home"),
    (f"{STORY} ", "Anna home"),
    (f"{STORY}.", " Once it came back"),
    (f"{STORY}.\n\n", "Once it came back"),
    (f"{STORY}.\n\n", "Once there was a knight"),
    (STORY, "\n\nOnce upon a time"),
    ("The language is called Java", "Script and runs in browsers"),
    ("You can watch it on You", "Tube if you like"),
    ("The phone is an i", "Phone of last year"),
    ("It runs on mac", "OS and Linux"),
    ("The battery holds two k", "Wh of energy"),
    ("Call `get", "User to find them"),
    ("We use getUser in the code, so call get", "User again"),
    ("```python\ndef get", "Name of it"),
    ("The result is 42", "The rest"),
    (LIST, " city is Hamburg"),
    (f"{LIST} city is Hamburg, which lies on the Elbe.\n", "- The third city is Munich"),
    ("| Name | Age |\n| --- | --- |\n", "| Anna | 30 |\n| Ben | 4"),
    ("Question: What is the capital of France?\nParis\n", "Question: What is the capital of Spain?\nMadrid"),
    (CHINESE, "来了糖果和玩具"),
    (CHINESE, "从山上采来的花"),
    ("我们使用", "Python 编写程序"),
    ("他说：“", "从前有一条龙"),
    ("首先，打开设置。其次，", "首先要注意的是密码"),
    ("Hello", ", Anna"),
    ("H", "Hello there"),
]


@pytest.mark.parametrize(("text", "start"), AGAIN)
def test_a_new_beginning_is_seen_in_whatever_pieces_it_comes(text: str, start: str) -> None:
    assert begins_again(text, start, asked=False, is_whole=True)
    joint = Joint(text, asked=False)
    came = "".join(joint.feed(letter) for letter in f"{start} and so it went on for a while") + joint.close()
    assert joint.began_again
    assert came == f"{start} and so it went on for a while"


@pytest.mark.parametrize(("text", "start"), GOES_ON)
def test_a_rest_is_not_taken_for_one(text: str, start: str) -> None:
    joint = Joint(text, asked=False)
    came = "".join(joint.feed(letter) for letter in start) + joint.close()
    assert not joint.began_again
    assert came.strip()
    assert start.endswith(came)


@pytest.mark.parametrize(
    ("start", "began_again"),
    [
        ("Once there was a majestic dragon in the land of", True),
        ("this dragon to bring great loads", False),  # it begins with the last words, as it was asked to
        ("Sure! this dragon to bring great loads", False),
        ("great loads over the sea", False),
        (f"{STORY} great loads", False),  # all of it, and then the rest
    ],
)
def test_one_that_was_asked_for_the_rest_may_repeat_its_end(start: str, began_again: bool) -> None:
    joint = Joint(STORY, asked=True)
    came = "".join(joint.feed(letter) for letter in start) + joint.close()
    assert joint.began_again is began_again
    assert (came == start) is began_again or not began_again
