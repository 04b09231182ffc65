<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="zh_CN" sourcelanguage="en">
<context>
    <name>AboutDialog</name>
    <message>
        <source>About Candor</source>
        <translation>关于 Candor</translation>
    </message>
    <message>
        <source>Find a part or a licence</source>
        <translation>查找组件或许可证</translation>
    </message>
    <message>
        <source>Parts of the program and their licences</source>
        <translation>程序的组成部分及其许可证</translation>
    </message>
    <message>
        <source>Licence</source>
        <translation>许可证</translation>
    </message>
    <message>
        <source>Copy version information</source>
        <translation>复制版本信息</translation>
    </message>
    <message>
        <source>Diagnostics…</source>
        <translation>诊断…</translation>
    </message>
    <message>
        <source>Close</source>
        <translation>关闭</translation>
    </message>
    <message>
        <source>Version %1</source>
        <translation>版本 %1</translation>
    </message>
    <message>
        <source>Talks with private language models, on this computer or on a server of your own.</source>
        <translation>与私有语言模型对话，模型运行在这台电脑或您自己的服务器上。</translation>
    </message>
    <message>
        <source>Made of these parts, each under its licence:</source>
        <translation>本软件包含以下组件，分别遵循各自的许可证：</translation>
    </message>
    <message>
        <source>No part has these words in its name or licence.</source>
        <translation>没有匹配的组件或许可证。</translation>
    </message>
    <message>
        <source>Inside %1.</source>
        <translation>包含在 %1 中。</translation>
    </message>
    <message>
        <source>Consists of: %1.</source>
        <translation>由以下内容组成：%1。</translation>
    </message>
    <message>
        <source>A package of Debian, which offers its source under the same name: apt source %1</source>
        <translation>这是 Debian 的软件包，Debian 以同一名称提供其源代码：apt source %1</translation>
    </message>
    <message>
        <source>These libraries are files of their own, which are loaded when Candor starts. You may put other builds of the same version in their place, also ones that you have changed: replace the files in %1 and start Candor again. Their sources are offered at %2.</source>
        <translation>这些库是独立的文件，在 Candor 启动时加载。您可以用同一版本的其他构建替换它们，包括您自己修改过的构建：替换 %1 中的文件，然后重新启动 Candor。其源代码可从 %2 获取。</translation>
    </message>
    <message>
        <source>A Mac asks for a new signature then: codesign --force --deep --sign - Candor.app</source>
        <translation>在 Mac 上，之后需要重新签名：codesign --force --deep --sign - Candor.app</translation>
    </message>
</context>
<context>
    <name>AdviceLines</name>
    <message>
        <source>%1 more</source>
        <translation>另有 %1 条</translation>
    </message>
</context>
<context>
    <name>AdviceRow</name>
    <message>
        <source>Do not show this advice again</source>
        <translation>不再显示此建议</translation>
    </message>
    <message>
        <source>Advice: %1</source>
        <translation>建议：%1</translation>
    </message>
</context>
<context>
    <name>AnswerOffers</name>
    <message>
        <source>About this answer</source>
        <translation>关于这个回答</translation>
    </message>
    <message>
        <source>Without another part…</source>
        <translation>去掉别的要素…</translation>
    </message>
    <message>
        <source>Use this answer as an example</source>
        <translation>把这个回答用作示例</translation>
    </message>
    <message>
        <source>Close this notice</source>
        <translation>关闭提示</translation>
    </message>
</context>
<context>
    <name>AnswerPassages</name>
    <message>
        <source>Ask again now</source>
        <translation>现在再问一次</translation>
    </message>
</context>
<context>
    <name>ApartProposal</name>
    <message>
        <source>Your message, part by part:</source>
        <translation>您的消息，各要素用颜色标出：</translation>
    </message>
    <message>
        <source>Your message, part by part</source>
        <translation>您的消息，各要素用颜色标出</translation>
    </message>
    <message>
        <source>Sort it so</source>
        <translation>就这样拆分</translation>
    </message>
    <message>
        <source>Keep it as it is</source>
        <translation>保持原样</translation>
    </message>
</context>
<context>
    <name>AskTwicePresenter</name>
    <message>
        <source>Ask twice more</source>
        <translation>再问两次</translation>
    </message>
    <message>
        <source>Asking twice more…</source>
        <translation>正在再问两次…</translation>
    </message>
    <message>
        <source>The answers did not all come. Those that did are versions of this one.</source>
        <translation>没有得到全部回答。已得到的作为这条回答的其他版本保存。</translation>
    </message>
    <message>
        <source>All three answers have the same figures.</source>
        <translation>三次回答的数字都一致。</translation>
    </message>
</context>
<context>
    <name>AskingSheet</name>
    <message>
        <source>Cancel</source>
        <translation>取消</translation>
    </message>
    <message>
        <source>Close (Esc)</source>
        <translation>关闭（Esc）</translation>
    </message>
</context>
<context>
    <name>BackupsDialog</name>
    <message>
        <source>Backups</source>
        <translation>备份</translation>
    </message>
    <message>
        <source>Bring back an earlier state</source>
        <translation>恢复到较早的状态</translation>
    </message>
    <message>
        <source>Candor makes a backup of all conversations on each day on which something changed, and keeps those of seven days. What is there now is put aside in the data folder, not deleted.</source>
        <translation>只要当天有改动，Candor 就会备份全部对话，并保留七天的备份。现有内容会另存在数据文件夹中，不会删除。</translation>
    </message>
    <message>
        <source>Restore</source>
        <translation>恢复</translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation>取消</translation>
    </message>
    <message>
        <source>Looking for backups…</source>
        <translation>正在查找备份…</translation>
    </message>
    <message>
        <source>There is no backup yet.</source>
        <translation>还没有备份。</translation>
    </message>
</context>
<context>
    <name>BinPage</name>
    <message>
        <source>Back to the conversation (Esc)</source>
        <translation>返回对话（Esc）</translation>
    </message>
    <message>
        <source>Deleted conversations</source>
        <translation>回收站</translation>
    </message>
    <message>
        <source>Restore</source>
        <translation>恢复</translation>
    </message>
    <message>
        <source>Delete for good…</source>
        <translation>永久删除…</translation>
    </message>
    <message>
        <source>Empty the bin…</source>
        <translation>清空回收站…</translation>
    </message>
    <message>
        <source>They stay here for %1 days and are then erased. Restored ones come back as they were.</source>
        <translation>它们会在这里保留 %1 天，之后被彻底清除。恢复后一切如初。</translation>
    </message>
    <message>
        <source>This cannot be undone. Their words and files are erased from this computer; backups of the last seven days hold them until these backups go.</source>
        <translation>此操作无法撤销。其中的文字和文件会从这台电脑上清除；最近七天的备份在到期删除前仍会包含它们。</translation>
    </message>
    <message>
        <source>Delete for good</source>
        <translation>永久删除</translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation>取消</translation>
    </message>
    <message>
        <source>They stay here until you delete them for good. Restored ones come back as they were.</source>
        <translation>它们会一直保留在这里，直到您将其永久删除。恢复的对话与原来一样。</translation>
    </message>
    <message>
        <source>Nothing is in the bin.</source>
        <translation>回收站是空的。</translation>
    </message>
</context>
<context>
    <name>BlankCard</name>
    <message>
        <source>Name of the blank</source>
        <translation>填空项的名称</translation>
    </message>
    <message>
        <source>Kind of the blank</source>
        <translation>填空项的类型</translation>
    </message>
    <message>
        <source>Kind and default</source>
        <translation>类型和默认值</translation>
    </message>
    <message>
        <source>Not a blank: keep it as text</source>
        <translation>不是填空项：保留为文字</translation>
    </message>
    <message>
        <source>Put it back</source>
        <translation>恢复原文</translation>
    </message>
    <message>
        <source>No blank: always the same words</source>
        <translation>不设填空项：每次都用同样的文字</translation>
    </message>
    <message>
        <source>What the form asks</source>
        <translation>填写时的提示</translation>
    </message>
    <message>
        <source>Choices, one a line</source>
        <translation>选项，每行一个</translation>
    </message>
    <message>
        <source>short
long</source>
        <translation>简短
详细</translation>
    </message>
    <message>
        <source>Must be filled in</source>
        <translation>必须填写</translation>
    </message>
    <message>
        <source>Here stood: %1</source>
        <translation>原来的内容：%1</translation>
    </message>
    <message>
        <source>What stands there from the start</source>
        <translation>默认值</translation>
    </message>
    <message>
        <source>Blank “%1”</source>
        <translation>填空项“%1”</translation>
    </message>
    <message>
        <source>A name has letters, digits and spaces, at most 40 of them.</source>
        <translation>名称由文字、数字和空格组成，最多 40 个字符。</translation>
    </message>
</context>
<context>
    <name>BoxedMessage</name>
    <message>
        <source>There is a text in the message box.</source>
        <translation>输入框里已经写了内容。</translation>
    </message>
    <message>
        <source>Take it apart</source>
        <translation>拆成几个要素</translation>
    </message>
    <message>
        <source>There is another text in the message box. Send sends the one that you write in.</source>
        <translation>输入框里有另一段文字。点“发送”，发出的是您正在写的那一段。</translation>
    </message>
    <message>
        <source>Go on with that one</source>
        <translation>改用那一段</translation>
    </message>
</context>
<context>
    <name>Calendar</name>
    <message>
        <source>Calendar</source>
        <translation>日历</translation>
    </message>
    <message>
        <source>Month before</source>
        <translation>上个月</translation>
    </message>
    <message>
        <source>Next month</source>
        <translation>下个月</translation>
    </message>
</context>
<context>
    <name>ChoiceSheet</name>
    <message>
        <source>1–%1 choose · Enter send · Esc back</source>
        <translation>1–%1 选择 · 回车键发送 · Esc 返回</translation>
    </message>
</context>
<context>
    <name>ClosingQuestion</name>
    <message>
        <source>What you wrote last is not saved</source>
        <translation>您最后写下的内容尚未保存</translation>
    </message>
    <message>
        <source>The disk did not take it, as a rule because it is full. Free some space and try again, or copy it. If you close now, it is lost.</source>
        <translation>磁盘没有存下它，通常是因为空间已满。请先腾出一些空间再试，或复制这些内容。如果现在关闭，它们会丢失。</translation>
    </message>
    <message>
        <source>The end of an answer is not saved</source>
        <translation>有一条回答的结尾尚未保存</translation>
    </message>
    <message>
        <source>The disk did not take it, as a rule because it is full. Free some space and try again, or copy the answer. If you close now, its last words are lost.</source>
        <translation>磁盘没有存下它，通常是因为空间已满。请先腾出一些空间再试，或复制该回答。如果现在关闭，最后的内容会丢失。</translation>
    </message>
    <message>
        <source>Save and close</source>
        <translation>保存并关闭</translation>
    </message>
    <message>
        <source>Close anyway</source>
        <translation>仍然关闭</translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation>取消</translation>
    </message>
</context>
<context>
    <name>CodeBox</name>
    <message>
        <source>code</source>
        <translation>代码</translation>
    </message>
    <message>
        <source>… %1 more characters, which Copy includes</source>
        <translation>… 还有 %1 个字符，复制时会包含</translation>
    </message>
    <message>
        <source>Copied</source>
        <translation>已复制</translation>
    </message>
    <message>
        <source>Copy</source>
        <translation>复制</translation>
    </message>
</context>
<context>
    <name>ComingLine</name>
    <message>
        <source>Use it</source>
        <translation>使用</translation>
    </message>
    <message>
        <source>Go on</source>
        <translation>继续</translation>
    </message>
</context>
<context>
    <name>CompareColumn</name>
    <message>
        <source>Answer: %1</source>
        <translation>回答：%1</translation>
    </message>
    <message>
        <source>What is asked</source>
        <translation>发送的提示词</translation>
    </message>
    <message>
        <source>Stop</source>
        <translation>停止</translation>
    </message>
    <message>
        <source>Stop: %1</source>
        <translation>停止：%1</translation>
    </message>
    <message>
        <source>Keep this answer</source>
        <translation>保留这个回答</translation>
    </message>
    <message>
        <source>Keep this answer: %1</source>
        <translation>保留这个回答：%1</translation>
    </message>
    <message>
        <source>Go on with it in the conversation; the other stays beside it</source>
        <translation>用这个回答继续对话；另一个保留为另一版本</translation>
    </message>
    <message>
        <source>Running · %1</source>
        <translation>进行中 · %1</translation>
    </message>
    <message>
        <source>Cut off</source>
        <translation>被截断</translation>
    </message>
    <message>
        <source>Interrupted</source>
        <translation>已中断</translation>
    </message>
</context>
<context>
    <name>ComparePage</name>
    <message>
        <source>Answers side by side</source>
        <translation>并排对比回答</translation>
    </message>
    <message>
        <source>Back to the conversation</source>
        <translation>返回对话</translation>
    </message>
    <message>
        <source>Stop all</source>
        <translation>全部停止</translation>
    </message>
</context>
<context>
    <name>ComparePresenter</name>
    <message>
        <source>The conversation goes on with this answer: %1. The other one is kept as a version of it.</source>
        <translation>对话用这个回答继续：%1。另一个保留为它的另一版本。</translation>
    </message>
    <message>
        <source>The conversation goes on with this answer: %1. The others are kept as versions of it.</source>
        <translation>对话用这个回答继续：%1。其余的保留为它的其他版本。</translation>
    </message>
    <message>
        <source>Back to the comparison</source>
        <translation>回到对比</translation>
    </message>
</context>
<context>
    <name>Composer</name>
    <message>
        <source>Message</source>
        <translation>消息</translation>
    </message>
    <message>
        <source>Attach files</source>
        <translation>添加文件</translation>
    </message>
    <message>
        <source>Attach files (Ctrl+Shift+A)</source>
        <translation>添加文件（Ctrl+Shift+A）</translation>
    </message>
    <message>
        <source>The next message … Enter queues it</source>
        <translation>可以先写下一条，按回车键排队</translation>
    </message>
    <message>
        <source>The next message …</source>
        <translation>可以先写下一条</translation>
    </message>
    <message>
        <source>Enter sends the message once the answer is done</source>
        <translation>按回车键后，消息将在回答完成时发送</translation>
    </message>
    <message>
        <source>Message …</source>
        <translation>输入消息…</translation>
    </message>
    <message>
        <source>Enter sends, Shift and Enter begin a new line</source>
        <translation>按回车键发送，按 Shift 加回车键换行</translation>
    </message>
    <message>
        <source>Editing an earlier message: Enter sends it anew, Escape leaves it as it was</source>
        <translation>正在编辑之前的消息：按回车键重新发送，Esc 保持原样</translation>
    </message>
</context>
<context>
    <name>ConnectionForm</name>
    <message>
        <source>Leave once more to discard what you typed.</source>
        <translation>再次离开将放弃输入的内容。</translation>
    </message>
    <message>
        <source>Company server, or any other</source>
        <translation>公司服务器，或其他服务器</translation>
    </message>
    <message>
        <source>Ollama</source>
        <translation>Ollama</translation>
    </message>
    <message>
        <source>Rented computer (SSH)</source>
        <translation>租用的电脑（SSH）</translation>
    </message>
    <message>
        <source>Only for a gateway, such as LiteLLM, that sends your words on to the internet: where to.</source>
        <translation>仅用于会把您的内容转发到互联网的网关（如 LiteLLM）：转发到哪里。</translation>
    </message>
    <message>
        <source>Test</source>
        <translation>测试</translation>
    </message>
    <message>
        <source>Save</source>
        <translation>保存</translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation>取消</translation>
    </message>
    <message>
        <source>Ask the server which models it has, and one of them for a word. Nothing of yours is sent.</source>
        <translation>询问服务器有哪些模型，并让其中一个回答一个词。不会发送您的任何内容。</translation>
    </message>
    <message>
        <source>&amp;Provider</source>
        <translation>服务商(&amp;P)</translation>
    </message>
    <message>
        <source>Passes &amp;on to</source>
        <translation>转发到(&amp;O)</translation>
    </message>
    <message>
        <source>More: provider and name</source>
        <translation>更多：服务商和名称</translation>
    </message>
    <message>
        <source>More: provider, name and network</source>
        <translation>更多：服务商、名称和网络</translation>
    </message>
    <message>
        <source>The key is kept in this computer&apos;s keyring. Where there is none, Candor keeps it until you close it.</source>
        <translation>密钥保存在系统的密码管理器中；如果没有密码管理器，则只保留到 Candor 关闭为止。</translation>
    </message>
    <message>
        <source>Password</source>
        <translation>密码</translation>
    </message>
    <message>
        <source>Key file</source>
        <translation>密钥文件</translation>
    </message>
    <message>
        <source>Keys of this computer&apos;s SSH agent</source>
        <translation>这台电脑 SSH 代理中的密钥</translation>
    </message>
    <message>
        <source>Passphrase of the key file</source>
        <translation>密钥文件的口令</translation>
    </message>
    <message>
        <source>&amp;Address</source>
        <translation>地址(&amp;A)</translation>
    </message>
    <message>
        <source>&amp;Line of the provider</source>
        <translation>服务商给出的命令行(&amp;L)</translation>
    </message>
    <message>
        <source>Sign in &amp;with</source>
        <translation>登录方式(&amp;W)</translation>
    </message>
    <message>
        <source>Key &amp;file</source>
        <translation>密钥文件(&amp;F)</translation>
    </message>
    <message>
        <source>Only if the key has one</source>
        <translation>仅当密钥设有口令时</translation>
    </message>
    <message>
        <source>P&amp;ort of the model server there</source>
        <translation>模型服务器在那里的端口(&amp;O)</translation>
    </message>
    <message>
        <source>Test looks for it: %1</source>
        <translation>点按“测试”会查找：%1</translation>
    </message>
    <message>
        <source>&amp;Key</source>
        <translation>API 密钥(&amp;K)</translation>
    </message>
    <message>
        <source>&amp;Name in Candor</source>
        <translation>显示名称(&amp;N)</translation>
    </message>
    <message>
        <source>Only if the proxy asks for one</source>
        <translation>仅在代理要求时填写</translation>
    </message>
    <message>
        <source>A .pem, .crt or .cer file of your company</source>
        <translation>公司的 .pem、.crt 或 .cer 文件</translation>
    </message>
    <message>
        <source>A .pem, .p12 or .pfx file, only if the server asks for one</source>
        <translation>.pem、.p12 或 .pfx 文件，仅在服务器要求时选择</translation>
    </message>
    <message>
        <source>Only if it is in a file of its own</source>
        <translation>仅在它是单独的文件时选择</translation>
    </message>
    <message>
        <source>Pro&amp;xy</source>
        <translation>代理(&amp;X)</translation>
    </message>
    <message>
        <source>A&amp;ddress of the proxy</source>
        <translation>代理的地址(&amp;D)</translation>
    </message>
    <message>
        <source>Name for the proxy</source>
        <translation>代理的用户名</translation>
    </message>
    <message>
        <source>Password for the proxy</source>
        <translation>代理的密码</translation>
    </message>
    <message>
        <source>Certificates to &amp;trust as well</source>
        <translation>另外信任的证书(&amp;T)</translation>
    </message>
    <message>
        <source>At all connections</source>
        <translation>用于所有连接</translation>
    </message>
    <message>
        <source>&amp;Your certificate</source>
        <translation>您的证书(&amp;Y)</translation>
    </message>
    <message>
        <source>Key of your certificate</source>
        <translation>您证书的私钥</translation>
    </message>
    <message>
        <source>Password of your certificate</source>
        <translation>您证书的密码</translation>
    </message>
    <message>
        <source>It is kept in this computer&apos;s keyring, and sent to the rented computer alone. Where there is no keyring, Candor keeps it until you close it.</source>
        <translation>它保存在系统的密码管理器中，只会发送给租用的电脑；如果没有密码管理器，则只保留到 Candor 关闭为止。</translation>
    </message>
    <message>
        <source>It is kept in this computer&apos;s keyring, and sent to nobody; the key file stays where it is. Where there is no keyring, Candor keeps it until you close it.</source>
        <translation>它保存在系统的密码管理器中，不会发送给任何人；密钥文件留在原处。如果没有密码管理器，则只保留到 Candor 关闭为止。</translation>
    </message>
    <message>
        <source>For servers on the internet. Those of this computer and of your network are reached directly.</source>
        <translation>用于互联网上的服务器。这台电脑和您网络里的服务器总是直接连接。</translation>
    </message>
    <message>
        <source>Its file stays where it is. The password is kept in this computer&apos;s keyring. Where there is none, Candor keeps it until you close it.</source>
        <translation>文件留在原处。密码保存在系统的密码管理器中；如果没有密码管理器，则只保留到 Candor 关闭为止。</translation>
    </message>
    <message>
        <source>Add a connection</source>
        <translation>添加连接</translation>
    </message>
    <message>
        <source>Edit %1</source>
        <translation>编辑“%1”</translation>
    </message>
    <message>
        <source>Empty: the saved password stays</source>
        <translation>留空：沿用已保存的密码</translation>
    </message>
    <message>
        <source>The key is not in a keyring: it is kept until you close Candor.</source>
        <translation>密钥没有存入密码管理器：会保留到您关闭 Candor。</translation>
    </message>
    <message>
        <source>The key is kept in this computer&apos;s keyring, not in Candor&apos;s files.</source>
        <translation>密钥保存在系统的密码管理器中，不写入 Candor 的文件。</translation>
    </message>
    <message>
        <source>Company server</source>
        <translation>公司服务器</translation>
    </message>
    <message>
        <source>%1 at %2, port %3</source>
        <translation>用户 %1，主机 %2，端口 %3</translation>
    </message>
    <message>
        <source>Without effect here: %1</source>
        <translation>在这里不起作用：%1</translation>
    </message>
    <message>
        <source>Empty: the saved one stays</source>
        <translation>留空：保留已保存的</translation>
    </message>
    <message>
        <source>You get a key at %1</source>
        <translation>可在此处获取密钥：%1</translation>
    </message>
    <message>
        <source>Only if the server asks for one</source>
        <translation>仅在服务器要求时填写</translation>
    </message>
    <message>
        <source>Empty: the saved key stays</source>
        <translation>留空则沿用已保存的密钥</translation>
    </message>
    <message>
        <source>A saved key belongs to the address it was entered for. Enter a key for this address.</source>
        <translation>已保存的密钥只用于原来的地址。请为这个地址重新输入密钥。</translation>
    </message>
</context>
<context>
    <name>ConnectionPage</name>
    <message>
        <source>Back to the conversation</source>
        <translation>返回对话</translation>
    </message>
    <message>
        <source>Where models can run: on this computer, on a server of your company, or at a provider.</source>
        <translation>模型可以运行在这台电脑上、公司的服务器上，或由服务商运行。</translation>
    </message>
    <message>
        <source>The connections are set up for you.</source>
        <translation>连接已为您设置好。</translation>
    </message>
    <message>
        <source>Remove it</source>
        <translation>移除</translation>
    </message>
    <message>
        <source>Keep it</source>
        <translation>保留</translation>
    </message>
    <message>
        <source>Model files that were opened</source>
        <translation>打开过的模型文件</translation>
    </message>
    <message>
        <source>Add a connection</source>
        <translation>添加连接</translation>
    </message>
    <message>
        <source>Done</source>
        <translation>完成</translation>
    </message>
    <message>
        <source>Connections</source>
        <translation>连接</translation>
    </message>
    <message>
        <source>The key for the address of before, %1, is still in this computer&apos;s keyring.</source>
        <translation>原来的地址 %1 的密钥仍在系统的密码管理器中。</translation>
    </message>
</context>
<context>
    <name>ConnectionRow</name>
    <message>
        <source>Edit</source>
        <translation>编辑</translation>
    </message>
    <message>
        <source>Edit %1</source>
        <translation>编辑“%1”</translation>
    </message>
    <message>
        <source>Remove</source>
        <translation>移除</translation>
    </message>
    <message>
        <source>Remove %1</source>
        <translation>移除“%1”</translation>
    </message>
    <message>
        <source>What you write to some of its models is sent on to %1.</source>
        <translation>写给其中部分模型的内容会由它转发到 %1。</translation>
    </message>
    <message>
        <source>Found on this computer</source>
        <translation>在这台电脑上发现</translation>
    </message>
    <message>
        <source>Enter the key of %1</source>
        <translation>输入“%1”的密钥</translation>
    </message>
    <message>
        <source>Enter the key</source>
        <translation>输入密钥</translation>
    </message>
    <message>
        <source>Remove %1 and its key</source>
        <translation>移除“%1”及其密钥</translation>
    </message>
    <message>
        <source>Keep</source>
        <translation>保留</translation>
    </message>
    <message>
        <source>Keep %1</source>
        <translation>保留“%1”</translation>
    </message>
    <message>
        <source>Remove this connection and its key? Conversations stay.</source>
        <translation>要移除此连接及其密钥吗？对话会保留。</translation>
    </message>
    <message>
        <source>Does not answer: %1</source>
        <translation>没有回应：%1</translation>
    </message>
    <message>
        <source>It answers</source>
        <translation>有回应</translation>
    </message>
    <message>
        <source>It answers, but has no model</source>
        <translation>有回应，但没有模型</translation>
    </message>
    <message>
        <source>Asking if it answers…</source>
        <translation>正在询问服务器是否有回应…</translation>
    </message>
</context>
<context>
    <name>ConnectionTestResult</name>
    <message>
        <source>Asking the server which models it has…</source>
        <translation>正在询问服务器有哪些模型…</translation>
    </message>
    <message>
        <source>Connected, but there is no model</source>
        <translation>已连接，但没有模型</translation>
    </message>
    <message>
        <source>The server answers but offers no model to talk to. Its administrator can add one.</source>
        <translation>服务器有响应，但没有可以对话的模型。请管理员添加模型。</translation>
    </message>
    <message>
        <source>%1, …</source>
        <translation>%1 等</translation>
    </message>
    <message>
        <source>The server&apos;s own words: %1</source>
        <translation>服务器原话：%1</translation>
    </message>
</context>
<context>
    <name>ConsentDialog</name>
    <message>
        <source>Send over the internet?</source>
        <translation>通过互联网发送？</translation>
    </message>
    <message>
        <source>Send to another place?</source>
        <translation>发送到另一个地方？</translation>
    </message>
    <message>
        <source>The whole conversation is sent with each message.</source>
        <translation>每条消息都会发送整个对话。</translation>
    </message>
    <message>
        <source>Candor asks once for each host.</source>
        <translation>Candor 对每个主机只询问一次。</translation>
    </message>
    <message>
        <source>Reading what would be sent…</source>
        <translation>正在读取将要发送的内容…</translation>
    </message>
    <message>
        <source>All that would be sent</source>
        <translation>将要发送的全部内容</translation>
    </message>
    <message>
        <source>Send</source>
        <translation>发送</translation>
    </message>
    <message>
        <source>Start fresh there</source>
        <translation>在那里重新开始</translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation>取消</translation>
    </message>
    <message>
        <source>This conversation goes over the internet to %1.</source>
        <translation>这个对话将通过互联网发送到 %1。</translation>
    </message>
</context>
<context>
    <name>ContextMeter</name>
    <message>
        <source>How full the model&apos;s memory for this conversation is</source>
        <translation>模型为此对话保留的记忆已用多少</translation>
    </message>
    <message>
        <source>Too long</source>
        <translation>太长了</translation>
    </message>
    <message>
        <source>Half full</source>
        <translation>已用一半</translation>
    </message>
    <message>
        <source>Nearly full</source>
        <translation>快满了</translation>
    </message>
</context>
<context>
    <name>ContextPresenter</name>
    <message>
        <source>Stop</source>
        <translation>停止</translation>
    </message>
    <message>
        <source>Reading in pieces: %1 of %2 read. Nothing has been answered yet.</source>
        <translation>正在分部分阅读：已读 %1 部分，共 %2 部分。尚未回答。</translation>
    </message>
    <message>
        <source>This model can&apos;t read more at once. Choose one with more room, or send less of it.</source>
        <translation>此模型一次无法读得更多。请选择容量更大的模型，或少发送一些内容。</translation>
    </message>
    <message>
        <source>fits</source>
        <translation>放得下</translation>
    </message>
    <message>
        <source>too long with the others</source>
        <translation>与其他文件合计过长</translation>
    </message>
    <message>
        <source>personal data, over the internet</source>
        <translation>含个人信息，将经过互联网</translation>
    </message>
    <message>
        <source>No passage of “%1” has words of your question and fits. Choose the pages yourself, or ask otherwise.</source>
        <translation>“%1”中没有既含您问题里的词语、又放得下的段落。请自己选择页面，或换一种问法。</translation>
    </message>
</context>
<context>
    <name>ContinuedLine</name>
    <message>
        <source>Continued in “%1”</source>
        <translation>已在“%1”中继续</translation>
    </message>
</context>
<context>
    <name>ConversationListView</name>
    <message>
        <source>Conversations</source>
        <translation>对话</translation>
    </message>
</context>
<context>
    <name>ConversationModel</name>
    <message>
        <source>Group %1, closed</source>
        <translation>分组：%1，已折叠</translation>
    </message>
    <message>
        <source>Group %1</source>
        <translation>分组：%1</translation>
    </message>
    <message>
        <source>%1, answering</source>
        <translation>%1，正在回答</translation>
    </message>
    <message>
        <source>%1, new answer</source>
        <translation>%1，有新回答</translation>
    </message>
</context>
<context>
    <name>ConversationPresenter</name>
    <message>
        <source>This kind is not shown any more. The switch in the settings brings it back.</source>
        <translation>这一类不再显示。用设置中的开关可以恢复。</translation>
    </message>
    <message>
        <source>Not sent: you have changed it meanwhile. Press Enter to send it.</source>
        <translation>未发送：您在此期间作了修改。按回车键发送。</translation>
    </message>
</context>
<context>
    <name>ConversationsPresenter</name>
    <message>
        <source>“%1”, the conversation for comparing, was moved to the bin</source>
        <translation>对比用的对话“%1”已移到回收站</translation>
    </message>
    <message>
        <source>“%1” was moved to the bin</source>
        <translation>“%1”已移到回收站</translation>
    </message>
</context>
<context>
    <name>DateField</name>
    <message>
        <source>Pick a day</source>
        <translation>选择日期</translation>
    </message>
    <message>
        <source>Pick a day for “%1”</source>
        <translation>为“%1”选择日期</translation>
    </message>
</context>
<context>
    <name>DiagnosticsDialog</name>
    <message>
        <source>Diagnostics</source>
        <translation>诊断</translation>
    </message>
    <message>
        <source>Copy without secrets</source>
        <translation>复制（不含密钥）</translation>
    </message>
    <message>
        <source>Looking at this computer…</source>
        <translation>正在查看这台电脑…</translation>
    </message>
    <message>
        <source>Copied</source>
        <translation>已复制</translation>
    </message>
    <message>
        <source>What Candor finds on this computer, for whoever helps you. It holds names of servers and folders, but no keys and no words of conversations.</source>
        <translation>Candor 在这台电脑上查到的信息，供帮助您的人使用。其中有服务器和文件夹的名称，但没有密钥，也没有对话内容。</translation>
    </message>
</context>
<context>
    <name>DifferenceStrip</name>
    <message>
        <source>What the answers differ in</source>
        <translation>回答的不同之处</translation>
    </message>
</context>
<context>
    <name>EachFilePage</name>
    <message>
        <source>Ask each file</source>
        <translation>逐个文件提问</translation>
    </message>
    <message>
        <source>Back to the conversation (Esc)</source>
        <translation>返回对话（Esc）</translation>
    </message>
    <message>
        <source>Change…</source>
        <translation>更改…</translation>
    </message>
    <message>
        <source>Ask about the table</source>
        <translation>就表格提问</translation>
    </message>
    <message>
        <source>Save as Excel…</source>
        <translation>保存为 Excel…</translation>
    </message>
    <message>
        <source>Files and their answers</source>
        <translation>文件及其回答</translation>
    </message>
    <message>
        <source>move</source>
        <translation>移动</translation>
    </message>
    <message>
        <source>its page</source>
        <translation>所在页</translation>
    </message>
    <message>
        <source>to the conversation</source>
        <translation>返回对话</translation>
    </message>
    <message>
        <source>Pause</source>
        <translation>暂停</translation>
    </message>
    <message>
        <source>Try the failed again</source>
        <translation>重试失败的文件</translation>
    </message>
    <message>
        <source>Go on</source>
        <translation>继续</translation>
    </message>
</context>
<context>
    <name>EachFilePresenter</name>
    <message>
        <source>Open</source>
        <translation>打开</translation>
    </message>
    <message>
        <source>Earlier tables</source>
        <translation>之前的表格</translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation>取消</translation>
    </message>
    <message>
        <source>Send</source>
        <translation>发送</translation>
    </message>
    <message>
        <source>A folder</source>
        <translation>文件夹</translation>
    </message>
    <message>
        <source>There is no page to show: the file left its folder, or the folder was forgotten.</source>
        <translation>没有可显示的页：文件已不在文件夹中，或从文件夹读到的内容已删除。</translation>
    </message>
</context>
<context>
    <name>EditBanner</name>
    <message>
        <source>Editing an earlier message</source>
        <translation>正在编辑之前的消息</translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation>取消</translation>
    </message>
    <message>
        <source>Cancel (Esc)</source>
        <translation>取消（Esc）</translation>
    </message>
    <message>
        <source>Stop editing, and take back what was written before</source>
        <translation>停止编辑，并恢复之前写的内容</translation>
    </message>
    <message>
        <source>Open in the prompt builder</source>
        <translation>在提示词助手中打开</translation>
    </message>
</context>
<context>
    <name>EmptyConversation</name>
    <message>
        <source>Attach a file</source>
        <translation>添加文件</translation>
    </message>
    <message>
        <source>This conversation is temporary: nothing of it is written to the disk, and it ends with Candor. It takes words, no files.</source>
        <translation>这是临时对话：任何内容都不会写入磁盘，关闭 Candor 即消失。只能输入文字，不能添加文件。</translation>
    </message>
    <message>
        <source>Make it temporary</source>
        <translation>改为临时对话</translation>
    </message>
    <message>
        <source>Ask a folder</source>
        <translation>就文件夹提问</translation>
    </message>
    <message>
        <source>or drop either anywhere in the window</source>
        <translation>或拖到窗口的任意位置</translation>
    </message>
    <message>
        <source>A conversation of which nothing is kept (Ctrl+Shift+T)</source>
        <translation>不保留任何内容的对话（Ctrl+Shift+T）</translation>
    </message>
    <message>
        <source>What do you want to do?</source>
        <translation>您想做什么？</translation>
    </message>
    <message>
        <source>Looking for models…</source>
        <translation>正在查找模型…</translation>
    </message>
    <message>
        <source>%1 hardly speaks your language.</source>
        <comment>say which: English, Chinese</comment>
        <translation>%1 几乎不会中文。</translation>
    </message>
    <message>
        <source>Get a model that speaks it</source>
        <comment>say which: English, Chinese</comment>
        <translation>换一个会中文的模型</translation>
    </message>
    <message>
        <source>%1 is tiny: it shows how Candor works, but is often wrong.</source>
        <translation>%1 极小：可以用来试试怎么用，但经常出错。</translation>
    </message>
    <message>
        <source>Get a better model</source>
        <translation>换一个更好的模型</translation>
    </message>
    <message>
        <source>This model does not answer right now. Its server may be off.</source>
        <translation>这个模型现在没有响应，它的服务器可能没有开启。</translation>
    </message>
    <message>
        <source>Choose a model above to begin.</source>
        <translation>请先在上方选择一个模型。</translation>
    </message>
</context>
<context>
    <name>EngineDialog</name>
    <message>
        <source>Built-in engine</source>
        <translation>内置引擎</translation>
    </message>
    <message>
        <source>Read a file while I write the question</source>
        <translation>在我输入问题时先读取文件</translation>
    </message>
    <message>
        <source>Save</source>
        <translation>保存</translation>
    </message>
    <message>
        <source>Reads at once</source>
        <translation>一次可读</translation>
    </message>
    <message>
        <source>Works</source>
        <translation>运行</translation>
    </message>
    <message>
        <source>Holds from the next question on, for which the model is loaded again. A longer text gets more.</source>
        <translation>从下一个问题起生效，届时会重新加载模型。更长的文字仍会得到更多。</translation>
    </message>
    <message>
        <source>The next question about a long text is answered at once, also after another conversation: what was read stays in memory until the engine ends, up to %1 of it.</source>
        <translation>就长文本再提问时会立即回答，中间去过别的对话也一样：读过的内容会留在内存中（最多 %1），直到引擎结束。</translation>
    </message>
    <message>
        <source>The answer to the first question about a long file then begins at once, and the model is loaded as soon as you begin to write. Not on battery, and what was read is forgotten when the file is taken away.</source>
        <translation>这样，关于长文件的第一个问题会立即开始回答，而且您一开始输入就会加载模型。使用电池时不会这样做；移除文件后，读取的内容会被忘记。</translation>
    </message>
    <message>
        <source>%1: about %2 words. What that takes is not known of this model.</source>
        <translation>%1：约 %2 字。这个模型需要多少内存不清楚。</translation>
    </message>
    <message>
        <source>%1: about %2 words, for which it takes %3. Only %4 are free now: close other programs first.</source>
        <translation>%1：约 %2 字，需要 %3。现在只有 %4 可用：请先关闭其他程序。</translation>
    </message>
    <message>
        <source>%1: about %2 words, for which it takes %3; %4 are free now.</source>
        <translation>%1：约 %2 字，需要 %3；现在有 %4 可用。</translation>
    </message>
    <message>
        <source>Takes %1 of %2 cores.</source>
        <translation>使用 %2 个核心中的 %1 个。</translation>
    </message>
</context>
<context>
    <name>EntryTree</name>
    <message>
        <source>When</source>
        <translation>时间</translation>
    </message>
    <message>
        <source>What</source>
        <translation>内容</translation>
    </message>
    <message>
        <source>Where</source>
        <translation>去向</translation>
    </message>
    <message>
        <source>Sent</source>
        <translation>发送</translation>
    </message>
    <message>
        <source>What was sent</source>
        <translation>发送记录</translation>
    </message>
    <message>
        <source>Not sent</source>
        <translation>未发送</translation>
    </message>
    <message>
        <source>%1: %2</source>
        <translation>%1：%2</translation>
    </message>
    <message>
        <source>Temporary conversation</source>
        <translation>临时对话</translation>
    </message>
    <message>
        <source>A conversation that is not in your list</source>
        <translation>不在列表中的对话</translation>
    </message>
    <message>
        <source>New conversation</source>
        <translation>新对话</translation>
    </message>
</context>
<context>
    <name>EvidencePane</name>
    <message>
        <source>Evidence</source>
        <translation>出处</translation>
    </message>
    <message>
        <source>Close (Esc)</source>
        <translation>关闭（Esc）</translation>
    </message>
    <message>
        <source>Show</source>
        <translation>查看</translation>
    </message>
    <message>
        <source>The place before (←)</source>
        <translation>上一处 (←)</translation>
    </message>
    <message>
        <source>The next place (→)</source>
        <translation>下一处 (→)</translation>
    </message>
    <message>
        <source>places</source>
        <translation>各处</translation>
    </message>
    <message>
        <source>to the answer</source>
        <translation>回到回答</translation>
    </message>
    <message>
        <source>close</source>
        <translation>关闭</translation>
    </message>
    <message>
        <source>Fit width</source>
        <translation>适合宽度</translation>
    </message>
    <message>
        <source>The words of the page fill the width again (Ctrl+0)</source>
        <translation>让页面文字重新铺满宽度（Ctrl+0）</translation>
    </message>
    <message>
        <source>Smaller page (Ctrl+−)</source>
        <translation>缩小页面（Ctrl+−）</translation>
    </message>
    <message>
        <source>Larger page (Ctrl++)</source>
        <translation>放大页面（Ctrl++）</translation>
    </message>
    <message>
        <source>%1 of %2</source>
        <translation>第 %1 项，共 %2 项</translation>
    </message>
    <message>
        <source>All that was looked up: %1</source>
        <translation>全部查找结果：%1</translation>
    </message>
</context>
<context>
    <name>ExampleDialog</name>
    <message>
        <source>Keep as example</source>
        <translation>存为示例</translation>
    </message>
    <message>
        <source>The question</source>
        <translation>问题</translation>
    </message>
    <message>
        <source>The answer, as it should be</source>
        <translation>回答（改成您想要的样子）</translation>
    </message>
    <message>
        <source>Keep</source>
        <translation>保存</translation>
    </message>
    <message>
        <source>Correct what you would have corrected anyway: the next answer of this kind follows it.</source>
        <translation>把您本来就要改的地方改好：下次同类的回答会照着它写。</translation>
    </message>
    <message>
        <source>Leave once more to discard what you typed.</source>
        <translation>再次离开将放弃您输入的内容。</translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation>取消</translation>
    </message>
</context>
<context>
    <name>ExampleList</name>
    <message>
        <source>Examples</source>
        <translation>示例</translation>
    </message>
    <message>
        <source>Alt and an arrow key move the example, Delete removes it</source>
        <translation>Alt 加方向键移动示例，Delete 删除</translation>
    </message>
</context>
<context>
    <name>ExamplePresenter</name>
    <message>
        <source>Use it</source>
        <translation>使用</translation>
    </message>
    <message>
        <source>Not now</source>
        <translation>暂不</translation>
    </message>
    <message>
        <source>Kept. It is offered with the next request of this kind, and stands among the recipes.</source>
        <translation>已保存。下次提出同类要求时会提供它，也可以在模板页找到。</translation>
    </message>
    <message>
        <source>Kept. It stands among the recipes.</source>
        <translation>已保存，可以在模板页找到。</translation>
    </message>
    <message>
        <source>Use your example: “%1”</source>
        <translation>使用您的示例：“%1”</translation>
    </message>
</context>
<context>
    <name>ExportDialog</name>
    <message>
        <source>Export</source>
        <translation>导出</translation>
    </message>
    <message>
        <source>Export…</source>
        <translation>导出…</translation>
    </message>
    <message>
        <source>Print…</source>
        <translation>打印…</translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation>取消</translation>
    </message>
    <message>
        <source>What the model thought</source>
        <translation>模型的思考</translation>
    </message>
    <message>
        <source>Name of the model</source>
        <translation>模型名称</translation>
    </message>
    <message>
        <source>Where it ran</source>
        <translation>运行位置</translation>
    </message>
    <message>
        <source>Date and time</source>
        <translation>日期和时间</translation>
    </message>
    <message>
        <source>Files and pages it was found in</source>
        <translation>来源文件及页码</translation>
    </message>
    <message>
        <source>Messages</source>
        <translation>消息</translation>
    </message>
    <message>
        <source>As</source>
        <translation>格式</translation>
    </message>
    <message>
        <source>With</source>
        <translation>包含</translation>
    </message>
</context>
<context>
    <name>ExportPresenter</name>
    <message>
        <source>Files: %1</source>
        <translation>文件：%1</translation>
    </message>
    <message>
        <source>Incomplete</source>
        <translation>内容不完整</translation>
    </message>
    <message>
        <source>Thinking:</source>
        <translation>思考：</translation>
    </message>
    <message>
        <source>New conversation</source>
        <translation>新对话</translation>
    </message>
    <message>
        <source>The %1 selected messages</source>
        <translation>选中的 %1 条消息</translation>
    </message>
    <message>
        <source>This answer alone</source>
        <translation>仅此回答</translation>
    </message>
    <message>
        <source>About this table</source>
        <translation>关于此表格</translation>
    </message>
    <message>
        <source>The whole conversation</source>
        <translation>整个对话</translation>
    </message>
    <message>
        <source>You</source>
        <translation>您</translation>
    </message>
    <message>
        <source>Answer</source>
        <translation>回答</translation>
    </message>
    <message>
        <source>Thinking</source>
        <translation>思考过程</translation>
    </message>
    <message>
        <source>Exporting: %1 %</source>
        <translation>正在导出：%1%</translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation>取消</translation>
    </message>
    <message>
        <source>Open</source>
        <translation>打开</translation>
    </message>
    <message>
        <source>Show in folder</source>
        <translation>在文件夹中显示</translation>
    </message>
    <message>
        <source>Exported to %1</source>
        <translation>已导出到 %1</translation>
    </message>
    <message>
        <source>The conversation could not be read.</source>
        <translation>无法读取该对话。</translation>
    </message>
    <message>
        <source>Nothing was exported.</source>
        <translation>未导出任何内容。</translation>
    </message>
</context>
<context>
    <name>FaultSheet</name>
    <message>
        <source>Something in Candor went wrong</source>
        <translation>Candor 内部出了问题</translation>
    </message>
    <message>
        <source>Details</source>
        <translation>详细信息</translation>
    </message>
    <message>
        <source>Copy details</source>
        <translation>复制详细信息</translation>
    </message>
    <message>
        <source>Diagnostics…</source>
        <translation>诊断…</translation>
    </message>
    <message>
        <source>Go on</source>
        <translation>继续</translation>
    </message>
    <message>
        <source>Copied</source>
        <translation>已复制</translation>
    </message>
    <message>
        <source>This is a fault of the program&apos;s, not of yours. You can go on: what you have written is kept. If something looks wrong, close Candor and open it again. The details help whoever mends it; they hold no words of yours.</source>
        <translation>这是程序的问题，不是您的问题。您可以继续：您写的内容都会保留。如果有什么不对，请关闭 Candor 再重新打开。详细信息有助于修复问题，其中没有您写的内容。</translation>
    </message>
</context>
<context>
    <name>FileChip</name>
    <message>
        <source>Choose…</source>
        <translation>选择…</translation>
    </message>
    <message>
        <source>Take this file out</source>
        <translation>移除此文件</translation>
    </message>
    <message>
        <source>Enter shows what is sent of it, Delete takes it out, Alt with an arrow key moves it</source>
        <translation>按回车键查看将发送的内容，按 Delete 移除，按 Alt 加方向键移动</translation>
    </message>
    <message>
        <source>Its drive doesn&apos;t answer</source>
        <translation>所在磁盘没有响应</translation>
    </message>
    <message>
        <source>Copying… %1</source>
        <translation>正在复制… %1</translation>
    </message>
    <message>
        <source>Copying…</source>
        <translation>正在复制…</translation>
    </message>
    <message>
        <source>Could not be read</source>
        <translation>无法读取</translation>
    </message>
    <message>
        <source>No text in it</source>
        <translation>里面没有文字</translation>
    </message>
    <message>
        <source>this model can&apos;t see it</source>
        <translation>此模型看不了</translation>
    </message>
    <message>
        <source>holds orders to the model</source>
        <translation>含有对模型的指令</translation>
    </message>
    <message>
        <source>%1 · %2</source>
        <comment>pages of a file · fits</comment>
        <translation>%1 · %2</translation>
    </message>
    <message>
        <source>Reading…</source>
        <translation>正在读取…</translation>
    </message>
    <message>
        <source>Reading… %1</source>
        <translation>正在读取… %1</translation>
    </message>
    <message>
        <source>Reading… page %1 of %2</source>
        <translation>正在读取… 第 %1 页，共 %2 页</translation>
    </message>
    <message>
        <source>It is copied as soon as its drive answers. Take it out if you don&apos;t want to wait.</source>
        <translation>磁盘一有响应就会继续复制。如不想等待，请将其移除。</translation>
    </message>
    <message>
        <source>It speaks to the model: “%1”. It is sent as a text to work on; look at the answer with care.</source>
        <translation>它在对模型说话：“%1”。它会作为待处理的文字发送；请仔细核对回答。</translation>
    </message>
</context>
<context>
    <name>FileControl</name>
    <message>
        <source>Take this file out</source>
        <translation>移除此文件</translation>
    </message>
    <message>
        <source>or drop it here</source>
        <translation>或拖放到这里</translation>
    </message>
    <message>
        <source>Another file…</source>
        <translation>换一个文件…</translation>
    </message>
    <message>
        <source>Choose a file…</source>
        <translation>选择文件…</translation>
    </message>
    <message>
        <source>A file for “%1”</source>
        <translation>用于“%1”的文件</translation>
    </message>
    <message>
        <source>Choose…</source>
        <translation>选择…</translation>
    </message>
</context>
<context>
    <name>FileTrouble</name>
    <message>
        <source>Password of the file</source>
        <translation>文件的密码</translation>
    </message>
    <message>
        <source>Password</source>
        <translation>密码</translation>
    </message>
    <message>
        <source>Open</source>
        <translation>打开</translation>
    </message>
</context>
<context>
    <name>FilesPresenter</name>
    <message>
        <source>Documents and texts</source>
        <translation>文档和文本</translation>
    </message>
    <message>
        <source>Pictures</source>
        <translation>图片</translation>
    </message>
    <message>
        <source>All files</source>
        <translation>所有文件</translation>
    </message>
    <message>
        <source>Attach files</source>
        <translation>添加文件</translation>
    </message>
    <message>
        <source>There are no files in the folder “%1”.</source>
        <translation>文件夹“%1”里没有文件。</translation>
    </message>
    <message>
        <source>Ask the folder</source>
        <translation>就文件夹提问</translation>
    </message>
    <message>
        <source>Attach its files</source>
        <translation>添加其中的文件</translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation>取消</translation>
    </message>
    <message>
        <source>Picture</source>
        <translation>图片</translation>
    </message>
    <message>
        <source>Pasted text</source>
        <translation>粘贴的文字</translation>
    </message>
    <message>
        <source>“%1” was not attached. %2</source>
        <translation>“%1”没有添加。%2</translation>
    </message>
    <message>
        <source>“%1” can&apos;t be opened now: %2 What was sent of it goes along as before.</source>
        <translation>现在无法打开“%1”：%2之前发送的内容仍会一并发送。</translation>
    </message>
    <message>
        <source>The pages of “%1” could not be made into pictures. %2</source>
        <translation>无法把“%1”的页面变成图片。%2</translation>
    </message>
    <message>
        <source>%1, page %2</source>
        <comment>name of the picture of a page</comment>
        <translation>%1，第 %2 页</translation>
    </message>
    <message>
        <source>Removed “%1”.</source>
        <translation>已移除“%1”。</translation>
    </message>
</context>
<context>
    <name>FilterField</name>
    <message>
        <source>Clear the filter</source>
        <translation>清除筛选</translation>
    </message>
</context>
<context>
    <name>FindBar</name>
    <message>
        <source>Find in this conversation</source>
        <translation>在此对话中查找</translation>
    </message>
    <message>
        <source>Find</source>
        <translation>查找</translation>
    </message>
    <message>
        <source>Previous (Shift+Enter)</source>
        <translation>上一个（Shift+回车键）</translation>
    </message>
    <message>
        <source>Next (Enter)</source>
        <translation>下一个（回车键）</translation>
    </message>
    <message>
        <source>Also in thinking</source>
        <translation>也查找思考过程</translation>
    </message>
    <message>
        <source>Close (Esc)</source>
        <translation>关闭（Esc）</translation>
    </message>
    <message>
        <source>%1 so far</source>
        <translation>已找到 %1 处</translation>
    </message>
    <message>
        <source>Searching…</source>
        <translation>正在查找…</translation>
    </message>
    <message>
        <source>%1 of %2</source>
        <translation>第 %1 处，共 %2 处</translation>
    </message>
    <message>
        <source>Not found</source>
        <translation>未找到</translation>
    </message>
    <message>
        <source>From the start</source>
        <translation>从头继续</translation>
    </message>
    <message>
        <source>From the end</source>
        <translation>从末尾继续</translation>
    </message>
</context>
<context>
    <name>FindBox</name>
    <message>
        <source>Find anything said</source>
        <translation>搜索所有对话</translation>
    </message>
</context>
<context>
    <name>FindPresenter</name>
    <message>
        <source>Back to the one before</source>
        <translation>回到之前的版本</translation>
    </message>
    <message>
        <source>This stands in another version of the conversation.</source>
        <translation>这在该对话的另一个版本中。</translation>
    </message>
</context>
<context>
    <name>FirstRun</name>
    <message>
        <source>OLLAMA_HOST names %1.</source>
        <translation>环境变量 OLLAMA_HOST 指向 %1。</translation>
    </message>
    <message>
        <source>Welcome to Candor</source>
        <translation>欢迎使用 Candor</translation>
    </message>
    <message>
        <source>Looking for models on this computer…</source>
        <translation>正在查找这台电脑上的模型…</translation>
    </message>
    <message>
        <source>No model was found on this computer. Choose where your model should run.</source>
        <translation>这台电脑上没有找到模型。请选择模型在哪里运行。</translation>
    </message>
    <message>
        <source>Look again</source>
        <translation>重新查找</translation>
    </message>
    <message>
        <source>Use Ollama on this computer</source>
        <translation>在这台电脑上使用 Ollama</translation>
    </message>
    <message>
        <source>Ollama is a free program that runs models here, so your words stay on this computer. Get it from ollama.com/download, install and start it, then look again.</source>
        <translation>Ollama 是一款免费软件，在这台电脑上运行模型，您的内容不会离开这里。请从 ollama.com/download 下载，安装并启动后再重新查找。</translation>
    </message>
    <message>
        <source>Connect to our server</source>
        <translation>连接公司的服务器</translation>
    </message>
    <message>
        <source>Your company or a provider runs the model. You need an address and often a key.</source>
        <translation>模型由公司或服务商运行。您需要一个地址，通常还需要密钥。</translation>
    </message>
    <message>
        <source>Connect…</source>
        <translation>连接…</translation>
    </message>
    <message>
        <source>Open a model file</source>
        <translation>打开模型文件</translation>
    </message>
    <message>
        <source>If you were given a model as a file that ends in .gguf, Candor runs it by itself, without a network.</source>
        <translation>如果您拿到的模型是以 .gguf 结尾的文件，Candor 可以直接运行，无需网络。</translation>
    </message>
    <message>
        <source>Open a file…</source>
        <translation>打开文件…</translation>
    </message>
</context>
<context>
    <name>FoldButton</name>
    <message>
        <source>%1, unfolded</source>
        <translation>%1，已展开</translation>
    </message>
    <message>
        <source>%1, folded</source>
        <translation>%1，已折叠</translation>
    </message>
</context>
<context>
    <name>FolderAsking</name>
    <message>
        <source>Stop</source>
        <translation>停止</translation>
    </message>
</context>
<context>
    <name>FolderChip</name>
    <message>
        <source>Ask this folder no more</source>
        <translation>不再就这个文件夹提问</translation>
    </message>
    <message>
        <source>Enter shows what was read of it, Delete takes it out</source>
        <translation>回车键查看读了什么，Delete 键移除</translation>
    </message>
    <message>
        <source>nothing on this</source>
        <translation>没有相关内容</translation>
    </message>
</context>
<context>
    <name>FolderSheet</name>
    <message>
        <source>Close (Esc)</source>
        <translation>关闭（Esc）</translation>
    </message>
    <message>
        <source>Ask a subfolder instead…</source>
        <translation>改为就子文件夹提问…</translation>
    </message>
    <message>
        <source>Files that cannot be read</source>
        <translation>无法读取的文件</translation>
    </message>
    <message>
        <source>No answer comes from them, and each answer says so.</source>
        <translation>回答不会来自这些文件，每个回答都会说明。</translation>
    </message>
    <message>
        <source>Forget this folder</source>
        <translation>忘记这个文件夹</translation>
    </message>
    <message>
        <source>Forget it</source>
        <translation>忘记</translation>
    </message>
    <message>
        <source>Keep it</source>
        <translation>保留</translation>
    </message>
    <message>
        <source>Go on</source>
        <translation>继续</translation>
    </message>
    <message>
        <source>Pause</source>
        <translation>暂停</translation>
    </message>
    <message>
        <source>Paused</source>
        <translation>已暂停</translation>
    </message>
    <message>
        <source>Read on this computer, and kept here.</source>
        <translation>在这台电脑上读取，也保存在这里。</translation>
    </message>
    <message>
        <source>You can ask already: the answer says how much was read.</source>
        <translation>现在就可以提问：回答会注明读了多少。</translation>
    </message>
</context>
<context>
    <name>FoldersPresenter</name>
    <message>
        <source>A temporary conversation can ask only folders that were read before.</source>
        <translation>临时对话只能就以前读过的文件夹提问。</translation>
    </message>
    <message>
        <source>Ask a folder</source>
        <translation>就文件夹提问</translation>
    </message>
    <message>
        <source>Files…</source>
        <translation>文件…</translation>
    </message>
    <message>
        <source>A folder…</source>
        <translation>文件夹…</translation>
    </message>
    <message>
        <source>Folders used before</source>
        <translation>用过的文件夹</translation>
    </message>
    <message>
        <source>Another folder…</source>
        <translation>其他文件夹…</translation>
    </message>
    <message>
        <source>A folder</source>
        <translation>文件夹</translation>
    </message>
    <message>
        <source>switched off here</source>
        <translation>在这台电脑上已关闭</translation>
    </message>
    <message>
        <source>Ask a subfolder instead</source>
        <translation>改为就子文件夹提问</translation>
    </message>
</context>
<context>
    <name>Form</name>
    <message>
        <source>More</source>
        <translation>更多</translation>
    </message>
</context>
<context>
    <name>FormField</name>
    <message>
        <source>%1, required</source>
        <translation>%1，必填</translation>
    </message>
    <message>
        <source>required</source>
        <translation>必填</translation>
    </message>
    <message>
        <source>Only the first %1 characters fit into one line.</source>
        <translation>一行只能容纳前 %1 个字符。</translation>
    </message>
</context>
<context>
    <name>FrameworkChooser</name>
    <message>
        <source>Choose how the prompt is built</source>
        <translation>选择提示词的组织方式</translation>
    </message>
    <message>
        <source>Framework: %1</source>
        <translation>框架：%1</translation>
    </message>
    <message>
        <source>Your recipes</source>
        <translation>我的模板</translation>
    </message>
    <message>
        <source>For the office</source>
        <translation>办公常用</translation>
    </message>
    <message>
        <source>For anything</source>
        <translation>通用</translation>
    </message>
    <message>
        <source>Recipes…</source>
        <translation>模板…</translation>
    </message>
</context>
<context>
    <name>FreshBrief</name>
    <message>
        <source>Reading what you said…</source>
        <translation>正在读取您说过的内容…</translation>
    </message>
    <message>
        <source>What you said</source>
        <translation>您说过的内容</translation>
    </message>
    <message>
        <source>What the model said (unticked: may be made up)</source>
        <translation>模型说过的内容（未勾选：可能是编造的）</translation>
    </message>
    <message>
        <source>What the model said</source>
        <translation>模型说过的内容</translation>
    </message>
    <message>
        <source>Have it summed up from your words alone</source>
        <translation>让模型只总结我的话</translation>
    </message>
    <message>
        <source>You have changed the text, so ticking is off.</source>
        <translation>您已修改文字，因此不能再勾选。</translation>
    </message>
    <message>
        <source>Take the list again</source>
        <translation>恢复勾选</translation>
    </message>
    <message>
        <source>Back to your own text</source>
        <translation>回到您自己的文字</translation>
    </message>
    <message>
        <source>There is nothing to carry over.</source>
        <translation>没有可以带过去的内容。</translation>
    </message>
    <message>
        <source>What you tick is sent as a quotation to be checked. Enter shows where it was said.</source>
        <translation>勾选的内容会作为待核对的引文发送。按回车键可查看出处。</translation>
    </message>
    <message>
        <source>What you tick is sent as a quotation to be checked. Enter shows where it was said. %1 older sentences are not listed.</source>
        <translation>勾选的内容会作为待核对的引文发送。按回车键可查看出处。另有 %1 个较早的句子未列出。</translation>
    </message>
</context>
<context>
    <name>FreshComparing</name>
    <message>
        <source>The answer before</source>
        <translation>之前的回答</translation>
    </message>
    <message>
        <source>%1 · %2</source>
        <comment>a number, and the answer that has it</comment>
        <translation>%1 · %2</translation>
    </message>
    <message>
        <source>Fresh answer</source>
        <translation>新的回答</translation>
    </message>
    <message>
        <source>%1 · %2</source>
        <comment>an answer, and its model</comment>
        <translation>%1 · %2</translation>
    </message>
    <message>
        <source>It goes on here with the fresh answer. “%1” is kept as it was.</source>
        <translation>从这里用新的回答继续。“%1”原样保留。</translation>
    </message>
    <message>
        <source>Go back to it</source>
        <translation>回到原对话</translation>
    </message>
</context>
<context>
    <name>FreshComparisonBar</name>
    <message>
        <source>Ask another model…</source>
        <translation>换个模型问…</translation>
    </message>
    <message>
        <source>The same question, in an empty context, to another model</source>
        <translation>在空白的上下文中，向另一个模型提出同样的问题</translation>
    </message>
    <message>
        <source>Where answers to the same question do not agree, something may be made up</source>
        <translation>同一问题的回答若不一致，其中可能有编造的内容</translation>
    </message>
    <message>
        <source>Ask twice more</source>
        <translation>再问两次</translation>
    </message>
    <message>
        <source>%1 · %2</source>
        <comment>a model, and its connection</comment>
        <translation>%1 · %2</translation>
    </message>
</context>
<context>
    <name>FreshPresenter</name>
    <message>
        <source>This conversation has become long, and models lose the thread in long ones.</source>
        <translation>这段对话已经很长，对话一长，模型容易忘记前面的内容。</translation>
    </message>
    <message>
        <source>Start fresh</source>
        <translation>重新开始</translation>
    </message>
    <message>
        <source>Nothing has been said here yet: this conversation is fresh.</source>
        <translation>这里还是空的，本来就是新对话。</translation>
    </message>
</context>
<context>
    <name>FreshPreview</name>
    <message>
        <source>This will be sent</source>
        <translation>将要发送</translation>
    </message>
    <message>
        <source>The exact words; you can change them before they go.</source>
        <translation>即将发送的原文，发送前可以修改。</translation>
    </message>
    <message>
        <source>Files that go along</source>
        <translation>一起带上的文件</translation>
    </message>
    <message>
        <source>With these files: %1</source>
        <translation>附带文件：%1</translation>
    </message>
    <message>
        <source>Example turns that go before it: %1</source>
        <translation>发送在它之前的示例轮次：%1</translation>
    </message>
    <message>
        <source>%1 goes along</source>
        <translation>%1 一起带上</translation>
    </message>
    <message>
        <source>Paste it</source>
        <translation>粘贴</translation>
    </message>
    <message>
        <source>Attach a file</source>
        <translation>添加文件</translation>
    </message>
    <message>
        <source>Nothing is asked for here yet. Write what you want done.</source>
        <translation>这里还没有写要做什么，请写下您的要求。</translation>
    </message>
    <message>
        <source>The text that this is about was never given. Without it, the model can only invent.</source>
        <translation>还缺原文：没有原文，模型只能编。</translation>
    </message>
    <message>
        <source>That is %1, more than this model reads at once: %2. Take something out, or send it so.</source>
        <translation>共%1，超过了此模型一次能读的%2。请删减一些，或就这样发送。</translation>
    </message>
</context>
<context>
    <name>FreshSheet</name>
    <message>
        <source>Start fresh</source>
        <translation>重新开始</translation>
    </message>
    <message>
        <source>An answer is still running here. It goes on in this conversation; you can read it later.</source>
        <translation>这里还有回答在进行。它会在此对话中继续，您可以稍后阅读。</translation>
    </message>
    <message>
        <source>A model goes on from everything that stands in the conversation, its own words included. Once it has made something up, it takes that for given and builds on it. In a fresh conversation nothing of that is there, so it looks at your question anew.</source>
        <translation>模型会接着对话中的所有内容往下说，包括它自己的话。一旦编造了什么，它就会信以为真，继续往下编。新的对话中没有这些内容，所以它会重新看待您的问题。</translation>
    </message>
    <message>
        <source>Stop it</source>
        <translation>停止</translation>
    </message>
    <message>
        <source>Close (Esc)</source>
        <translation>关闭（Esc）</translation>
    </message>
    <message>
        <source>How to start fresh</source>
        <translation>选择重新开始的方式</translation>
    </message>
    <message>
        <source>Why does this help?</source>
        <translation>为什么有用？</translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation>取消</translation>
    </message>
    <message>
        <source>Ask and compare</source>
        <translation>提问并对比</translation>
    </message>
    <message>
        <source>Start fresh and send</source>
        <translation>重新开始并发送</translation>
    </message>
</context>
<context>
    <name>Gate</name>
    <message>
        <source>Still looking for models. Your message is kept; send it again in a moment.</source>
        <translation>仍在查找模型。您的消息已保留，请稍后再发送。</translation>
    </message>
    <message>
        <source>Still looking for models. Your message goes as soon as one on this computer is found.</source>
        <translation>仍在查找模型。在这台电脑上找到后，您的消息会立即发送。</translation>
    </message>
    <message>
        <source>Answers are being compared here. Stop them first, or wait until they are done.</source>
        <translation>这里正在对比回答。请先停止，或等它们完成。</translation>
    </message>
    <message>
        <source>An answer is still running. Stop it first, or wait until it is done.</source>
        <translation>回答仍在进行。请先停止，或等它完成。</translation>
    </message>
    <message>
        <source>Paste</source>
        <translation>粘贴</translation>
    </message>
    <message>
        <source>Attach a file</source>
        <translation>添加文件</translation>
    </message>
    <message>
        <source>Ask anyway</source>
        <translation>就这样问</translation>
    </message>
    <message>
        <source>It is sent as soon as the files have been read.</source>
        <translation>文件读完后会立即发送。</translation>
    </message>
    <message>
        <source>Not sent: “%1” needs its password. Press it to give it, or take it out.</source>
        <translation>未发送：“%1”需要密码。点按它输入密码，或将它移除。</translation>
    </message>
    <message>
        <source>Not sent: “%1” could not be read. Take it out, or press it to see what can be done.</source>
        <translation>没有发送：“%1”无法读取。请把它移除，或点按它查看可以怎么办。</translation>
    </message>
    <message>
        <source>Not sent: the model can&apos;t see “%1”. Press it to choose a model that can, or take it out.</source>
        <translation>未发送：模型看不了“%1”。点按它可选择能看图的模型，或将其移除。</translation>
    </message>
    <message>
        <source>Not sent: there is no text in “%1” that the model could read. Take it out first.</source>
        <translation>没有发送：“%1”里没有模型能读的文字。请先把它移除。</translation>
    </message>
    <message>
        <source>A model is there now. Press Enter to send your message.</source>
        <translation>现在有模型了。按回车键即可发送您的消息。</translation>
    </message>
</context>
<context>
    <name>GuidedAnswers</name>
    <message>
        <source>Answers</source>
        <translation>回答</translation>
    </message>
    <message>
        <source>Answer in your own words</source>
        <translation>用自己的话回答</translation>
    </message>
</context>
<context>
    <name>GuidedMaterial</name>
    <message>
        <source>Attach a file</source>
        <translation>添加文件</translation>
    </message>
    <message>
        <source>or drop one anywhere in the window</source>
        <translation>或者拖到窗口里的任何地方</translation>
    </message>
    <message>
        <source>Paste its text here.</source>
        <translation>请把文字粘贴到这里。</translation>
    </message>
</context>
<context>
    <name>GuidedPreview</name>
    <message>
        <source>Prompt preview</source>
        <translation>提示词预览</translation>
    </message>
    <message>
        <source>Close the preview; the questions stay</source>
        <translation>关闭预览，问题保留</translation>
    </message>
    <message>
        <source>Edit as a form</source>
        <translation>按表单编辑</translation>
    </message>
    <message>
        <source>It grows as you answer, and can be sent at any time; what is grey is not in it yet.</source>
        <translation>边答边写，随时可以发送；灰色的还没有采用。</translation>
    </message>
    <message>
        <source>Still to be asked: %1</source>
        <translation>还会问：%1</translation>
    </message>
    <message>
        <source>The same prompt as a form: nothing is lost either way</source>
        <translation>同一份提示词，换成表单来看：来回切换都不会丢内容</translation>
    </message>
    <message>
        <source>Copy the text</source>
        <translation>复制文字</translation>
    </message>
    <message>
        <source>It grows as you answer, and can be sent at any time.</source>
        <translation>边答边写，随时可以发送。</translation>
    </message>
</context>
<context>
    <name>GuidedSheet</name>
    <message>
        <source>Back</source>
        <translation>上一步</translation>
    </message>
    <message>
        <source>Skip</source>
        <translation>跳过</translation>
    </message>
    <message>
        <source>Next</source>
        <translation>下一步</translation>
    </message>
    <message>
        <source>Done</source>
        <translation>完成</translation>
    </message>
    <message>
        <source>Leave the questions; nothing is lost (Esc)</source>
        <translation>退出引导，什么都不会丢（Esc）</translation>
    </message>
    <message>
        <source>Edit as a form</source>
        <translation>按表单编辑</translation>
    </message>
    <message>
        <source>choose</source>
        <translation>选择</translation>
    </message>
    <message>
        <source>leave</source>
        <translation>退出</translation>
    </message>
    <message>
        <source>Ready to send</source>
        <translation>可以发送了</translation>
    </message>
    <message>
        <source>Enter sends it. Each answer above can still be changed.</source>
        <translation>按回车键发送。上面各项都还可以改。</translation>
    </message>
    <message>
        <source>Question %1 of %2</source>
        <translation>第 %1 步，共 %2 步</translation>
    </message>
    <message>
        <source>%1 of %2</source>
        <comment>which question</comment>
        <translation>%1/%2</translation>
    </message>
    <message>
        <source>%1, change</source>
        <translation>%1，更改</translation>
    </message>
</context>
<context>
    <name>Header</name>
    <message>
        <source>Show or hide the conversations</source>
        <translation>显示或隐藏对话列表</translation>
    </message>
    <message>
        <source>Temporary</source>
        <translation>临时</translation>
    </message>
    <message>
        <source>Nothing of this conversation is written to the disk; it ends with Candor</source>
        <translation>此对话的任何内容都不会写入磁盘，关闭 Candor 即消失</translation>
    </message>
    <message>
        <source>More on this conversation</source>
        <translation>此对话的更多操作</translation>
    </message>
    <message>
        <source>Choose a model</source>
        <translation>选择模型</translation>
    </message>
    <message>
        <source>Offline lock</source>
        <translation>离线锁</translation>
    </message>
    <message>
        <source>The offline lock is on: nothing but this computer is reached</source>
        <translation>离线锁已开启：只能访问这台电脑</translation>
    </message>
    <message>
        <source>New conversation</source>
        <translation>新对话</translation>
    </message>
    <message>
        <source>New conversation (%1)</source>
        <translation>新对话（%1）</translation>
    </message>
    <message>
        <source>Start fresh</source>
        <translation>重新开始</translation>
    </message>
    <message>
        <source>Start fresh (Ctrl+Shift+N): a new conversation without what the model said</source>
        <translation>重新开始（Ctrl+Shift+N）：新建对话，不带模型说过的内容</translation>
    </message>
    <message>
        <source>Prompt builder</source>
        <translation>提示词助手</translation>
    </message>
    <message>
        <source>Prompt builder (Ctrl+B)</source>
        <translation>提示词助手（Ctrl+B）</translation>
    </message>
    <message>
        <source>Model: %1</source>
        <translation>模型：%1</translation>
    </message>
</context>
<context>
    <name>HelpList</name>
    <message>
        <source>%1 of %2 read. Candor keeps in its settings which ones, and nothing else about it.</source>
        <translation>已读 %1 课，共 %2 课。Candor 只在设置里记下读过哪几课，别的都不记。</translation>
    </message>
    <message>
        <source>Forget that</source>
        <translation>忘掉这些</translation>
    </message>
</context>
<context>
    <name>HelpPage</name>
    <message>
        <source>Help</source>
        <translation>帮助</translation>
    </message>
    <message>
        <source>Back to the conversation (Esc)</source>
        <translation>返回对话（Esc）</translation>
    </message>
    <message>
        <source>Find in the help</source>
        <translation>在帮助中查找</translation>
    </message>
    <message>
        <source>Lessons of a minute</source>
        <translation>一分钟课程</translation>
    </message>
    <message>
        <source>Dictionary</source>
        <translation>小词典</translation>
    </message>
    <message>
        <source>Shortcuts</source>
        <translation>快捷键</translation>
    </message>
    <message>
        <source>Diagnostics…</source>
        <translation>诊断…</translation>
    </message>
    <message>
        <source>About Candor…</source>
        <translation>关于 Candor…</translation>
    </message>
    <message>
        <source>This prompt is from the lesson.</source>
        <translation>这是课程里的提示词。</translation>
    </message>
    <message>
        <source>Nothing in the help has these words.</source>
        <translation>帮助里没有找到这些字词。</translation>
    </message>
    <message>
        <source>How to ask well, and what the names of models mean. Read one when you like.</source>
        <translation>怎样问得好，模型的名字是什么意思。想看的时候看一课就行。</translation>
    </message>
    <message>
        <source>In the message box, Enter sends and Shift+Enter begins a new line. Tab goes from one to the next.</source>
        <translation>在输入框里，按回车键发送，按 Shift+回车键换行。按 Tab 键可以依次走到每一处。</translation>
    </message>
</context>
<context>
    <name>HostQuestion</name>
    <message>
        <source>Fingerprint</source>
        <translation>指纹</translation>
    </message>
    <message>
        <source>No</source>
        <translation>否</translation>
    </message>
    <message>
        <source>Is this the computer that you rented? If your provider shows a fingerprint, compare it with this one. Candor remembers it and refuses any other at this address.</source>
        <translation>这是您租用的电脑吗？如果服务商显示了指纹，请与此指纹比对。Candor 会记住它，并拒绝此地址上的任何其他指纹。</translation>
    </message>
    <message>
        <source>Yes, go on</source>
        <translation>是，继续</translation>
    </message>
    <message>
        <source>Providers give an address to the next customer, so this may be a new rental of yours. If it is not, somebody may be listening in. This is the fingerprint now:</source>
        <translation>服务商会把地址分配给下一位客户，因此这可能是您新租的电脑。如果不是，可能有人在窃听。现在的指纹是：</translation>
    </message>
    <message>
        <source>It is a new rental</source>
        <translation>这是新租的</translation>
    </message>
    <message>
        <source>Then the fingerprint of before and the password are forgotten. Enter the new password, press Test and confirm the new fingerprint.</source>
        <translation>那么之前的指纹和密码都会被忘记。请输入新密码，点按“测试”，并确认新的指纹。</translation>
    </message>
    <message>
        <source>Forget both</source>
        <translation>都忘记</translation>
    </message>
</context>
<context>
    <name>ImportDialog</name>
    <message>
        <source>Import conversations</source>
        <translation>导入对话</translation>
    </message>
    <message>
        <source>Conversations in the file</source>
        <translation>文件中的对话</translation>
    </message>
    <message>
        <source>All</source>
        <translation>全选</translation>
    </message>
    <message>
        <source>Choose all</source>
        <translation>全部选中</translation>
    </message>
    <message>
        <source>None</source>
        <translation>全不选</translation>
    </message>
    <message>
        <source>Choose none</source>
        <translation>全部取消选中</translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation>取消</translation>
    </message>
    <message>
        <source>A part of the file</source>
        <translation>文件的一部分</translation>
    </message>
    <message>
        <source>New conversation</source>
        <translation>新对话</translation>
    </message>
    <message>
        <source>Conversations of %1</source>
        <translation>来自 %1 的对话</translation>
    </message>
    <message>
        <source>here already</source>
        <translation>已存在</translation>
    </message>
    <message>
        <source>Import %1</source>
        <translation>导入 %1 个</translation>
    </message>
    <message>
        <source>Import</source>
        <translation>导入</translation>
    </message>
</context>
<context>
    <name>ImportPresenter</name>
    <message>
        <source>Import conversations</source>
        <translation>导入对话</translation>
    </message>
    <message>
        <source>Reading %1 …</source>
        <translation>正在读取 %1…</translation>
    </message>
    <message>
        <source>Importing: %1 of %2</source>
        <translation>正在导入：%1 / %2</translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation>取消</translation>
    </message>
    <message>
        <source>Exported conversations (*.json *.zip *.bak)</source>
        <translation>导出的对话 (*.json *.zip *.bak)</translation>
    </message>
    <message>
        <source>Import all conversations in a folder</source>
        <translation>导入文件夹中的所有对话</translation>
    </message>
    <message>
        <source>Reading %1: %2 %</source>
        <translation>正在读取 %1：%2%</translation>
    </message>
    <message>
        <source>Not imported: %1</source>
        <translation>未导入：%1</translation>
    </message>
    <message>
        <source>Nothing was imported.</source>
        <translation>没有导入任何内容。</translation>
    </message>
</context>
<context>
    <name>InstructionsDialog</name>
    <message>
        <source>Leave once more to discard what you typed.</source>
        <translation>再次离开将放弃输入的内容。</translation>
    </message>
    <message>
        <source>Instructions</source>
        <translation>自定义指令</translation>
    </message>
    <message>
        <source>In this conversation</source>
        <translation>在此对话中</translation>
    </message>
    <message>
        <source>In each new conversation</source>
        <translation>在每个新对话中</translation>
    </message>
    <message>
        <source>For example: I work in purchasing. Answer in formal German.</source>
        <translation>例如：我在采购部工作。请用正式的书面语回答。</translation>
    </message>
    <message>
        <source>What will be sent…</source>
        <translation>将发送什么…</translation>
    </message>
    <message>
        <source>Save</source>
        <translation>保存</translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation>取消</translation>
    </message>
    <message>
        <source>That is too long for instructions. Attach it as a file, or paste a part of it.</source>
        <translation>这段文字太长，不适合作为自定义指令。请把它作为文件附上，或只粘贴其中一部分。</translation>
    </message>
    <message>
        <source>What the model is told before all messages. It is sent with each of them.</source>
        <translation>在所有消息之前告诉模型的话。它随每条消息一起发送。</translation>
    </message>
</context>
<context>
    <name>InstructionsLine</name>
    <message>
        <source>Instructions: %1</source>
        <translation>自定义指令：%1</translation>
    </message>
</context>
<context>
    <name>KeepingPresenter</name>
    <message>
        <source>The backup is in place. What was there before was put aside in the data folder.</source>
        <translation>备份已恢复。之前的内容已另存在数据文件夹中。</translation>
    </message>
    <message>
        <source>Repair the conversations file?</source>
        <translation>要修复对话文件吗？</translation>
    </message>
    <message>
        <source>All that can still be read goes into a new file. The damaged one is put aside in the data folder, not deleted. A backup may hold what is lost here.</source>
        <translation>仍能读取的内容会存入新文件。损坏的文件会另存在数据文件夹中，不会删除。这里丢失的内容，备份里可能还有。</translation>
    </message>
    <message>
        <source>Repair</source>
        <translation>修复</translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation>取消</translation>
    </message>
    <message>
        <source>Repaired: %1 could be read. The damaged file was put aside as %2.</source>
        <translation>已修复：读回了 %1。损坏的文件已另存为 %2。</translation>
    </message>
</context>
<context>
    <name>LedgerPage</name>
    <message>
        <source>Back to the conversation (Esc)</source>
        <translation>返回对话（Esc）</translation>
    </message>
    <message>
        <source>Export…</source>
        <translation>导出…</translation>
    </message>
    <message>
        <source>As a table (CSV)</source>
        <translation>表格 (CSV)</translation>
    </message>
    <message>
        <source>For a program (JSON)</source>
        <translation>供程序使用 (JSON)</translation>
    </message>
    <message>
        <source>Clear…</source>
        <translation>清除…</translation>
    </message>
    <message>
        <source>This conversation</source>
        <translation>当前对话</translation>
    </message>
    <message>
        <source>Place</source>
        <translation>去向</translation>
    </message>
    <message>
        <source>Any place</source>
        <translation>任何去向</translation>
    </message>
    <message>
        <source>Last 30 days</source>
        <translation>最近 30 天</translation>
    </message>
    <message>
        <source>Last 7 days</source>
        <translation>最近 7 天</translation>
    </message>
    <message>
        <source>Last 24 hours</source>
        <translation>最近 24 小时</translation>
    </message>
    <message>
        <source>Since when</source>
        <translation>时间范围</translation>
    </message>
    <message>
        <source>All %1 days</source>
        <translation>全部 %1 天</translation>
    </message>
    <message>
        <source>Where my words went</source>
        <translation>内容去向</translation>
    </message>
    <message>
        <source>Tables (*.csv)</source>
        <translation>表格 (*.csv)</translation>
    </message>
    <message>
        <source>JSON (*.json)</source>
        <translation>JSON (*.json)</translation>
    </message>
    <message>
        <source>Export</source>
        <translation>导出</translation>
    </message>
    <message>
        <source>Exported to %1</source>
        <translation>已导出到 %1</translation>
    </message>
    <message>
        <source>This cannot be undone. Conversations stay as they are, and what was sent stays where it went.</source>
        <translation>此操作无法撤销。对话保持不变，已发送的内容仍在它去的地方。</translation>
    </message>
    <message>
        <source>Clear the record of where your words went?</source>
        <translation>要清除内容去向的记录吗？</translation>
    </message>
    <message>
        <source>Clear</source>
        <translation>清除</translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation>取消</translation>
    </message>
    <message>
        <source>Show lists and tests</source>
        <translation>显示模型列表和测试</translation>
    </message>
    <message>
        <source>Host or conversation</source>
        <translation>主机或对话</translation>
    </message>
    <message>
        <source>Nothing was sent, as far as this is narrowed down.</source>
        <translation>在此筛选范围内没有发送任何内容。</translation>
    </message>
    <message>
        <source>Only the newest %1 are shown; an export has all.</source>
        <translation>仅显示最新的 %1 条；导出包含全部。</translation>
    </message>
    <message>
        <source>Kept on this computer for %1 days: where words went and how many, not which ones. Titles stand here as long as their conversations are there.</source>
        <translation>在这台电脑上保留 %1 天：文字发往何处、有多少，不含内容。对话还在时，这里会显示它的标题。</translation>
    </message>
    <message>
        <source>Where did my words go</source>
        <translation>内容去向</translation>
    </message>
</context>
<context>
    <name>LessonRow</name>
    <message>
        <source>Read</source>
        <translation>已读</translation>
    </message>
</context>
<context>
    <name>LessonView</name>
    <message>
        <source>Lesson %1 of %2 · one minute</source>
        <translation>第 %1 课，共 %2 课 · 一分钟</translation>
    </message>
    <message>
        <source>Try it</source>
        <translation>试一试</translation>
    </message>
    <message>
        <source>It happens in Candor itself. F1 brings you back here.</source>
        <translation>会在 Candor 里真实进行；按 F1 回到这里。</translation>
    </message>
    <message>
        <source>In the dictionary:</source>
        <translation>小词典里有：</translation>
    </message>
    <message>
        <source>The one before</source>
        <translation>上一课</translation>
    </message>
    <message>
        <source>Next lesson</source>
        <translation>下一课</translation>
    </message>
    <message>
        <source>All lessons</source>
        <translation>全部课程</translation>
    </message>
</context>
<context>
    <name>LoopNotice</name>
    <message>
        <source>The model repeats itself</source>
        <translation>模型在重复自己的话</translation>
    </message>
    <message>
        <source>Let it go on</source>
        <translation>让它继续</translation>
    </message>
</context>
<context>
    <name>MainWindow</name>
    <message>
        <source>New conversation</source>
        <translation>新对话</translation>
    </message>
    <message>
        <source>Temporary conversation</source>
        <translation>临时对话</translation>
    </message>
    <message>
        <source>Start fresh</source>
        <translation>重新开始</translation>
    </message>
    <message>
        <source>Find anything said</source>
        <translation>搜索所有对话</translation>
    </message>
    <message>
        <source>Find in this conversation</source>
        <translation>在此对话中查找</translation>
    </message>
    <message>
        <source>Next passage that was looked up</source>
        <translation>下一处已核对的内容</translation>
    </message>
    <message>
        <source>Passage before that was looked up</source>
        <translation>上一处已核对的内容</translation>
    </message>
    <message>
        <source>Next part of the window</source>
        <translation>窗口的下一部分</translation>
    </message>
    <message>
        <source>Part of the window before</source>
        <translation>窗口的上一部分</translation>
    </message>
    <message>
        <source>Export or print</source>
        <translation>导出或打印</translation>
    </message>
    <message>
        <source>Rename the conversation</source>
        <translation>重命名对话</translation>
    </message>
    <message>
        <source>Sidebar</source>
        <translation>侧边栏</translation>
    </message>
    <message>
        <source>Prompt builder</source>
        <translation>提示词助手</translation>
    </message>
    <message>
        <source>Write in the prompt builder</source>
        <translation>在提示词助手中写</translation>
    </message>
    <message>
        <source>Recipes</source>
        <translation>模板</translation>
    </message>
    <message>
        <source>Connections</source>
        <translation>连接</translation>
    </message>
    <message>
        <source>Open a model file…</source>
        <translation>打开模型文件…</translation>
    </message>
    <message>
        <source>Attach files</source>
        <translation>添加文件</translation>
    </message>
    <message>
        <source>Ask a folder</source>
        <translation>就文件夹提问</translation>
    </message>
    <message>
        <source>Write a message</source>
        <translation>写消息</translation>
    </message>
    <message>
        <source>Stop</source>
        <translation>停止</translation>
    </message>
    <message>
        <source>Larger text</source>
        <translation>放大文字</translation>
    </message>
    <message>
        <source>Smaller text</source>
        <translation>缩小文字</translation>
    </message>
    <message>
        <source>Normal text</source>
        <translation>默认文字大小</translation>
    </message>
    <message>
        <source>Settings</source>
        <translation>设置</translation>
    </message>
    <message>
        <source>Help</source>
        <translation>帮助</translation>
    </message>
    <message>
        <source>Shortcuts</source>
        <translation>快捷键</translation>
    </message>
    <message>
        <source>Quit</source>
        <translation>退出</translation>
    </message>
</context>
<context>
    <name>MaterialBlock</name>
    <message>
        <source>Material</source>
        <translation>材料</translation>
    </message>
    <message>
        <source>My own words</source>
        <translation>这不是材料，是我的要求</translation>
    </message>
    <message>
        <source>Move it to the words above: it is an instruction, not a text to work on</source>
        <translation>移到上面的文字里：这是指令，不是要处理的材料</translation>
    </message>
    <message>
        <source>Remove this material</source>
        <translation>移除此材料</translation>
    </message>
    <message>
        <source>Material for “%1”</source>
        <translation>“%1”的材料</translation>
    </message>
    <message>
        <source>A text to work on. It is sent between quotes, so that it is not taken for an instruction.</source>
        <translation>要处理的材料。发送时自动放进三引号，不会被当成指令。</translation>
    </message>
</context>
<context>
    <name>Writing</name>
    <message>
        <source>The change was given up. The message is as it was.</source>
        <translation>已放弃修改，消息保持原样。</translation>
    </message>
    <message>
        <source>Undo</source>
        <translation>撤销</translation>
    </message>
</context>
<context>
    <name>MessageFooter</name>
    <message>
        <source>Copy</source>
        <translation>复制</translation>
    </message>
    <message>
        <source>Edit</source>
        <translation>编辑</translation>
    </message>
    <message>
        <source>Try again</source>
        <translation>重试</translation>
    </message>
    <message>
        <source>Start fresh</source>
        <translation>重新开始</translation>
    </message>
    <message>
        <source>More</source>
        <translation>更多</translation>
    </message>
    <message>
        <source>Copy, to paste it as it looks (with Shift as plain text)</source>
        <translation>复制，粘贴后保持原样（按住 Shift 复制为纯文本）</translation>
    </message>
    <message>
        <source>Copy as Markdown</source>
        <translation>复制为 Markdown</translation>
    </message>
    <message>
        <source>Copy as plain text</source>
        <translation>复制为纯文本</translation>
    </message>
    <message>
        <source>Copy with thinking</source>
        <translation>连同思考一起复制</translation>
    </message>
    <message>
        <source>Export or print this answer…</source>
        <translation>导出或打印此回答…</translation>
    </message>
    <message>
        <source>Keep as example…</source>
        <translation>存为示例…</translation>
    </message>
    <message>
        <source>Ask twice more…</source>
        <translation>再问两次…</translation>
    </message>
    <message>
        <source>Copied</source>
        <translation>已复制</translation>
    </message>
    <message>
        <source>Earlier version</source>
        <translation>上一个版本</translation>
    </message>
    <message>
        <source>Later version</source>
        <translation>下一个版本</translation>
    </message>
    <message>
        <source>Version %1 of %2</source>
        <translation>第 %1 个版本，共 %2 个</translation>
    </message>
</context>
<context>
    <name>MessageView</name>
    <message>
        <source>Being edited</source>
        <translation>正在编辑</translation>
    </message>
    <message>
        <source>Too long to be shown whole. Copy and Export… take all of it.</source>
        <translation>太长，未全部显示。“复制”和“导出…”包含全文。</translation>
    </message>
    <message>
        <source>Cut here and answer</source>
        <translation>就到这里，直接回答</translation>
    </message>
    <message>
        <source>Stop here</source>
        <translation>到此为止</translation>
    </message>
    <message>
        <source>As it was sent</source>
        <translation>显示发送时的全文</translation>
    </message>
    <message>
        <source>Show the message as it was sent</source>
        <translation>显示这条消息发送时的全文</translation>
    </message>
    <message>
        <source>Show all (%1)</source>
        <translation>显示全部（%1）</translation>
    </message>
    <message>
        <source>Show less</source>
        <translation>收起</translation>
    </message>
    <message>
        <source>As I wrote it</source>
        <translation>只看我写的</translation>
    </message>
    <message>
        <source>Not sent any more: left out to make room</source>
        <translation>不再发送：为腾出空间已略去</translation>
    </message>
    <message>
        <source>You, not sent any more</source>
        <translation>您，不再发送</translation>
    </message>
    <message>
        <source>Answer, not sent any more</source>
        <translation>回答，不再发送</translation>
    </message>
    <message>
        <source>You</source>
        <translation>您</translation>
    </message>
    <message>
        <source>Answer</source>
        <translation>回答</translation>
    </message>
    <message>
        <source>Send again</source>
        <translation>重新发送</translation>
    </message>
    <message>
        <source>Send it with the next message again</source>
        <translation>从下一条消息起再次发送它</translation>
    </message>
    <message>
        <source>End the thinking and get the answer from what was thought so far</source>
        <translation>结束思考，并根据目前的思考给出回答</translation>
    </message>
    <message>
        <source>Answer now</source>
        <translation>立即回答</translation>
    </message>
    <message>
        <source>Continue</source>
        <translation>继续</translation>
    </message>
    <message>
        <source>Try again</source>
        <translation>重试</translation>
    </message>
    <message>
        <source>Start fresh</source>
        <translation>重新开始</translation>
    </message>
    <message>
        <source>Ask again without thinking; this reply stays beside the new one</source>
        <translation>不思考，重新提问；这个回答保留在新回答旁边</translation>
    </message>
    <message>
        <source>Without thinking</source>
        <translation>不思考</translation>
    </message>
    <message>
        <source>Let the model go on thinking, with more room for thinking and answer</source>
        <translation>让模型继续思考，思考和回答都可以更长</translation>
    </message>
    <message>
        <source>More room</source>
        <translation>放宽长度再答</translation>
    </message>
    <message>
        <source>Do not show again: %1</source>
        <translation>不再显示：%1</translation>
    </message>
</context>
<context>
    <name>ModelCard</name>
    <message>
        <source>for any use</source>
        <translation>可用于任何用途</translation>
    </message>
    <message>
        <source>Reads at once</source>
        <translation>一次可读</translation>
    </message>
    <message>
        <source>Sees pictures</source>
        <translation>能看图片</translation>
    </message>
    <message>
        <source>yes</source>
        <translation>是</translation>
    </message>
    <message>
        <source>no</source>
        <translation>否</translation>
    </message>
    <message>
        <source>Runs</source>
        <translation>运行于</translation>
    </message>
    <message>
        <source>Languages</source>
        <translation>语言</translation>
    </message>
    <message>
        <source>Licence</source>
        <translation>许可</translation>
    </message>
    <message>
        <source>Since</source>
        <translation>发布</translation>
    </message>
    <message>
        <source>Stored as</source>
        <translation>存储格式</translation>
    </message>
    <message>
        <source>Name</source>
        <translation>名称</translation>
    </message>
</context>
<context>
    <name>ModelFileDialog</name>
    <message>
        <source>Import a model file</source>
        <translation>导入模型文件</translation>
    </message>
    <message>
        <source>Run it with</source>
        <translation>运行方式</translation>
    </message>
    <message>
        <source>Name at Ollama</source>
        <translation>在 Ollama 中的名称</translation>
    </message>
    <message>
        <source>It is to look at pictures, too</source>
        <translation>它还要能看图片</translation>
    </message>
    <message>
        <source>Import</source>
        <translation>导入</translation>
    </message>
    <message>
        <source>the built-in engine, from where it lies</source>
        <translation>内置引擎，从原处运行</translation>
    </message>
    <message>
        <source>the built-in engine, copied to this computer</source>
        <translation>内置引擎，先复制到这台电脑</translation>
    </message>
    <message>
        <source>Ollama</source>
        <translation>Ollama</translation>
    </message>
    <message>
        <source>Ollama takes a model as one file only, and this one is spread over several.</source>
        <translation>Ollama 只接受单个文件的模型，而这个分成了几个文件。</translation>
    </message>
    <message>
        <source>Too little room: a copy takes %1, and %2 are free.</source>
        <translation>空间不够：副本需要 %1，可用空间为 %2。</translation>
    </message>
    <message>
        <source>Give it a name.</source>
        <translation>请给它起个名称。</translation>
    </message>
    <message>
        <source>Nothing is copied. The file has to stay there, and its drive connected.</source>
        <translation>不复制任何内容。文件须留在原处，所在的驱动器须保持连接。</translation>
    </message>
    <message>
        <source>The copy takes %1; %2 are free.</source>
        <translation>副本占用 %1；可用空间为 %2。</translation>
    </message>
    <message>
        <source>The copy takes %1.</source>
        <translation>副本占用 %1。</translation>
    </message>
    <message>
        <source>Ollama has a model of this name, which this one replaces.</source>
        <translation>Ollama 中已有同名模型，会被这个替换。</translation>
    </message>
    <message>
        <source>Ollama gets a copy, which takes %1.</source>
        <translation>Ollama 会得到一份副本，占用 %1。</translation>
    </message>
</context>
<context>
    <name>ModelFileRow</name>
    <message>
        <source>Remove from this list; the file stays where it is</source>
        <translation>从此列表中移除；文件仍在原处</translation>
    </message>
    <message>
        <source>Remove %1 from this list</source>
        <translation>从此列表中移除 %1</translation>
    </message>
    <message>
        <source>It is not there now: moved, deleted, or on a drive that is not connected.</source>
        <translation>现在找不到此文件：已移动、已删除，或所在的磁盘没有连接。</translation>
    </message>
</context>
<context>
    <name>ModelImport</name>
    <message>
        <source>Model files (*.gguf);;All files (*)</source>
        <translation>模型文件 (*.gguf);;所有文件 (*)</translation>
    </message>
    <message>
        <source>Import a model file</source>
        <translation>导入模型文件</translation>
    </message>
</context>
<context>
    <name>ModelMenu</name>
    <message>
        <source>Models</source>
        <translation>模型</translation>
    </message>
    <message>
        <source>No model of the list is like that.</source>
        <translation>列表中没有这样的模型。</translation>
    </message>
    <message>
        <source>Which model runs well here</source>
        <translation>这台电脑适合哪个模型</translation>
    </message>
    <message>
        <source>Open a model file…</source>
        <translation>打开模型文件…</translation>
    </message>
    <message>
        <source>Connections…</source>
        <translation>连接…</translation>
    </message>
    <message>
        <source>→ more on a model · Ctrl+P pins it</source>
        <translation>→ 查看模型详情 · Ctrl+P 置顶</translation>
    </message>
    <message>
        <source>Pin or unpin %1</source>
        <translation>置顶或取消置顶 %1</translation>
    </message>
    <message>
        <source>thinks</source>
        <translation>会思考</translation>
    </message>
    <message>
        <source>sees pictures</source>
        <translation>能看图</translation>
    </message>
    <message>
        <source>Find a model</source>
        <translation>查找模型</translation>
    </message>
</context>
<context>
    <name>ModelParts</name>
    <message>
        <source>Look again</source>
        <translation>重新查找</translation>
    </message>
    <message>
        <source>Connect to our server</source>
        <translation>连接公司的服务器</translation>
    </message>
    <message>
        <source>Open a model file</source>
        <translation>打开模型文件</translation>
    </message>
    <message>
        <source>Use the small starter model for now</source>
        <translation>先用随附的小模型</translation>
    </message>
    <message>
        <source>%1 is run from where it lies: keep its drive connected.</source>
        <translation>%1 从原处运行：请保持所在的驱动器连接。</translation>
    </message>
    <message>
        <source>Copy it, or give it to Ollama…</source>
        <translation>复制它，或交给 Ollama…</translation>
    </message>
</context>
<context>
    <name>ModelTile</name>
    <message>
        <source>In use</source>
        <translation>使用中</translation>
    </message>
    <message>
        <source>best for this computer</source>
        <translation>最适合这台电脑</translation>
    </message>
    <message>
        <source>Download %1</source>
        <translation>下载 %1</translation>
    </message>
    <message>
        <source>Get it through Ollama</source>
        <translation>通过 Ollama 获取</translation>
    </message>
    <message>
        <source>More on %1</source>
        <translation>%1 的更多操作</translation>
    </message>
</context>
<context>
    <name>ModelsPage</name>
    <message>
        <source>Which model</source>
        <translation>选择模型</translation>
    </message>
    <message>
        <source>A model is the file that answers you. It is downloaded once and then works without internet. These suit this computer.</source>
        <translation>模型就是回答您的那个文件。下载一次，之后不联网也能用。下面这几个适合这台电脑。</translation>
    </message>
    <message>
        <source>Back to the conversation (Esc)</source>
        <translation>返回对话（Esc）</translation>
    </message>
    <message>
        <source>Import a file…</source>
        <translation>导入文件…</translation>
    </message>
    <message>
        <source>Built-in engine…</source>
        <translation>内置引擎…</translation>
    </message>
    <message>
        <source>the models</source>
        <translation>模型列表</translation>
    </message>
    <message>
        <source>More models</source>
        <translation>更多模型</translation>
    </message>
    <message>
        <source>Find a model, or get one by its name</source>
        <translation>查找模型，或按名称获取</translation>
    </message>
    <message>
        <source>Fits here</source>
        <translation>放得下</translation>
    </message>
    <message>
        <source>Thinks</source>
        <translation>会思考</translation>
    </message>
    <message>
        <source>Sees pictures</source>
        <translation>能看图片</translation>
    </message>
    <message>
        <source>Chinese</source>
        <translation>中文</translation>
    </message>
    <message>
        <source>For any use</source>
        <translation>可商用</translation>
    </message>
    <message>
        <source>No other model of the list is like that.</source>
        <translation>列表中没有其他这样的模型。</translation>
    </message>
    <message>
        <source>Measuring…</source>
        <translation>正在测量…</translation>
    </message>
    <message>
        <source>Looking at this computer…</source>
        <translation>正在查看这台电脑…</translation>
    </message>
    <message>
        <source>Also installed</source>
        <translation>也已安装</translation>
    </message>
    <message>
        <source>Installed</source>
        <translation>已安装</translation>
    </message>
    <message>
        <source>%1 on this computer</source>
        <translation>这台电脑上共 %1</translation>
    </message>
    <message>
        <source>MMMM yyyy</source>
        <translation>yyyy年M月</translation>
    </message>
    <message>
        <source>as of %1</source>
        <translation>截至 %1</translation>
    </message>
    <message>
        <source>What had come is removed from the disk when Ollama starts the next time.</source>
        <translation>已下载的部分会在 Ollama 下次启动时从磁盘清除。</translation>
    </message>
    <message>
        <source>That frees %1.</source>
        <translation>可腾出 %1。</translation>
    </message>
    <message>
        <source>Hardly any room becomes free: %1 has the same weights.</source>
        <translation>几乎不会释放空间：%1 使用同一份权重。</translation>
    </message>
    <message>
        <source>The file that it is a copy of is not touched.</source>
        <translation>原文件不会改动。</translation>
    </message>
    <message>
        <source>It can be got again.</source>
        <translation>可以重新获取。</translation>
    </message>
    <message>
        <source>If it was made or imported there, it cannot be got again.</source>
        <translation>如果它是在那里创建或导入的，就无法重新获取。</translation>
    </message>
    <message>
        <source>Your conversations stay.</source>
        <translation>您的对话会保留。</translation>
    </message>
    <message>
        <source>Delete %1 from this server?</source>
        <translation>要从此服务器删除 %1 吗？</translation>
    </message>
    <message>
        <source>Delete</source>
        <translation>删除</translation>
    </message>
    <message>
        <source>Keep</source>
        <translation>保留</translation>
    </message>
    <message>
        <source>Ollama is ready, but has no model yet</source>
        <translation>Ollama 已就绪，但还没有模型</translation>
    </message>
</context>
<context>
    <name>NarrowingBar</name>
    <message>
        <source>When</source>
        <translation>时间</translation>
    </message>
    <message>
        <source>Model</source>
        <translation>模型</translation>
    </message>
    <message>
        <source>Place</source>
        <translation>位置</translation>
    </message>
    <message>
        <source>Pinned</source>
        <translation>已置顶</translation>
    </message>
    <message>
        <source>Has a file</source>
        <translation>带文件</translation>
    </message>
    <message>
        <source>also in thinking</source>
        <translation>也查找思考过程</translation>
    </message>
    <message>
        <source>Today</source>
        <translation>今天</translation>
    </message>
    <message>
        <source>Last 7 days</source>
        <translation>最近 7 天</translation>
    </message>
    <message>
        <source>Last 30 days</source>
        <translation>最近 30 天</translation>
    </message>
    <message>
        <source>Last 12 months</source>
        <translation>最近 12 个月</translation>
    </message>
</context>
<context>
    <name>NarrowingButton</name>
    <message>
        <source>%1, press to search without it</source>
        <translation>%1，按下则不按此筛选</translation>
    </message>
    <message>
        <source>Nothing to choose from yet</source>
        <translation>还没有可选的内容</translation>
    </message>
</context>
<context>
    <name>OriginLine</name>
    <message>
        <source>Started fresh from a conversation that has been deleted</source>
        <translation>从一段已删除的对话重新开始而来</translation>
    </message>
    <message>
        <source>Undo</source>
        <translation>撤销</translation>
    </message>
    <message>
        <source>Goes back to the earlier conversation and drops this one</source>
        <translation>返回之前的对话，并放弃这一段</translation>
    </message>
    <message>
        <source>Started fresh from “%1”</source>
        <translation>从“%1”重新开始而来</translation>
    </message>
</context>
<context>
    <name>OutgoingDialog</name>
    <message>
        <source>What will be sent</source>
        <translation>将发送什么</translation>
    </message>
    <message>
        <source>Reading what would be sent…</source>
        <translation>正在读取将要发送的内容…</translation>
    </message>
    <message>
        <source>Instructions…</source>
        <translation>自定义指令…</translation>
    </message>
    <message>
        <source>No model is chosen yet. This goes to the one that you choose.</source>
        <translation>尚未选择模型。这些会发送给您选择的模型。</translation>
    </message>
    <message>
        <source>This goes to %1 with your next message. %2</source>
        <translation>这些会随您的下一条消息发送给 %1。%2</translation>
    </message>
</context>
<context>
    <name>OutgoingPresenter</name>
    <message>
        <source>Each new conversation begins with: %1</source>
        <translation>每个新对话都以此开头：%1</translation>
    </message>
</context>
<context>
    <name>PassageSheet</name>
    <message>
        <source>Space tick · → whole passage · Enter send · Esc back</source>
        <translation>空格键 勾选 · → 整段 · 回车键发送 · Esc 返回</translation>
    </message>
</context>
<context>
    <name>PastedTextChip</name>
    <message>
        <source>Pasted text, %1</source>
        <translation>粘贴的文字，%1</translation>
    </message>
    <message>
        <source>Show this text</source>
        <translation>查看这段文字</translation>
    </message>
    <message>
        <source>Remove the pasted text</source>
        <translation>移除粘贴的文字</translation>
    </message>
    <message>
        <source>%1 · fits</source>
        <translation>%1 · 放得下</translation>
    </message>
    <message>
        <source>%1 · too long</source>
        <translation>%1 · 太长</translation>
    </message>
</context>
<context>
    <name>PastedTextDialog</name>
    <message>
        <source>Pasted text</source>
        <translation>粘贴的文字</translation>
    </message>
    <message>
        <source>Put into the message box</source>
        <translation>放入输入框</translation>
    </message>
    <message>
        <source>%1 characters, %2. The whole text is sent with your message.</source>
        <translation>%1 个字符，%2。全文将随消息一起发送。</translation>
    </message>
    <message>
        <source>The first %1 of %2 characters, %3. The whole text is sent with your message.</source>
        <translation>显示前 %1 个字符，共 %2 个，%3。全文将随消息一起发送。</translation>
    </message>
</context>
<context>
    <name>PastedTexts</name>
    <message>
        <source>There is too much in the message box already for this text.</source>
        <translation>输入框中的内容已太多，放不下这段文字。</translation>
    </message>
</context>
<context>
    <name>PinnedRecipes</name>
    <message>
        <source>Recipes</source>
        <translation>模板</translation>
    </message>
    <message>
        <source>All recipes</source>
        <translation>所有模板</translation>
    </message>
    <message>
        <source>Use the recipe “%1”</source>
        <translation>使用模板“%1”</translation>
    </message>
</context>
<context>
    <name>PlaceButton</name>
    <message>
        <source>What will be sent…</source>
        <translation>将发送什么…</translation>
    </message>
    <message>
        <source>Instructions…</source>
        <translation>自定义指令…</translation>
    </message>
    <message>
        <source>Where did my words go</source>
        <translation>内容去向</translation>
    </message>
    <message>
        <source>Connections</source>
        <translation>连接</translation>
    </message>
    <message>
        <source>Offline lock…</source>
        <translation>离线锁…</translation>
    </message>
</context>
<context>
    <name>PolicyDialog</name>
    <message>
        <source>What is fixed on this computer</source>
        <translation>这台电脑上固定的设置</translation>
    </message>
    <message>
        <source>Copy</source>
        <translation>复制</translation>
    </message>
    <message>
        <source>Close</source>
        <translation>关闭</translation>
    </message>
    <message>
        <source>Nothing is fixed.</source>
        <translation>没有固定任何设置。</translation>
    </message>
    <message>
        <source>Read from %1</source>
        <translation>读取自 %1</translation>
    </message>
</context>
<context>
    <name>PreviewPage</name>
    <message>
        <source>Take this out</source>
        <translation>删掉这部分</translation>
    </message>
    <message>
        <source>Back (Esc)</source>
        <translation>返回（Esc）</translation>
    </message>
    <message>
        <source>Choose what is sent</source>
        <translation>选择发送哪些内容</translation>
    </message>
    <message>
        <source>Space</source>
        <translation>空格</translation>
    </message>
    <message>
        <source>choose</source>
        <translation>选择</translation>
    </message>
    <message>
        <source>Esc</source>
        <translation>Esc</translation>
    </message>
    <message>
        <source>back</source>
        <translation>返回</translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation>取消</translation>
    </message>
    <message>
        <source>%1 · exactly the text that will be sent</source>
        <translation>%1 · 这就是将要发送的文字</translation>
    </message>
    <message>
        <source>%1 · exactly the text that was sent</source>
        <translation>%1 · 这就是发送过的文字</translation>
    </message>
    <message>
        <source>Send it too</source>
        <translation>也发送</translation>
    </message>
    <message>
        <source>Send them too</source>
        <translation>也发送</translation>
    </message>
    <message>
        <source>As pictures</source>
        <translation>以图片发送</translation>
    </message>
    <message>
        <source>Put back</source>
        <translation>放回</translation>
    </message>
    <message>
        <source>Find in the text</source>
        <translation>在文字中查找</translation>
    </message>
    <message>
        <source>Find in the text (Ctrl+F)</source>
        <translation>在文字中查找（Ctrl+F）</translation>
    </message>
    <message>
        <source>How it was read</source>
        <translation>读取情况</translation>
    </message>
    <message>
        <source>fits</source>
        <translation>放得下</translation>
    </message>
    <message>
        <source>too long</source>
        <translation>太长</translation>
    </message>
    <message>
        <source>%1 chosen</source>
        <comment>such as 3 of 14 pages</comment>
        <translation>已选 %1</translation>
    </message>
</context>
<context>
    <name>PreviewSide</name>
    <message>
        <source>All</source>
        <translation>全选</translation>
    </message>
    <message>
        <source>Choose all</source>
        <translation>全部选中</translation>
    </message>
    <message>
        <source>None</source>
        <comment>pages</comment>
        <translation>全不选</translation>
    </message>
    <message>
        <source>Choose none</source>
        <translation>全部取消选中</translation>
    </message>
    <message>
        <source>How it was read</source>
        <translation>读取情况</translation>
    </message>
    <message>
        <source>Also in the file</source>
        <translation>文件中还有</translation>
    </message>
    <message>
        <source>Columns</source>
        <translation>列</translation>
    </message>
    <message>
        <source>Column %1</source>
        <translation>第 %1 列</translation>
    </message>
    <message>
        <source>Read as</source>
        <translation>读取编码</translation>
    </message>
</context>
<context>
    <name>PrintPreview</name>
    <message>
        <source>Print</source>
        <translation>打印</translation>
    </message>
    <message>
        <source>Laying out the pages …</source>
        <translation>正在排版页面…</translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation>取消</translation>
    </message>
</context>
<context>
    <name>PromptExamples</name>
    <message>
        <source>What comes in</source>
        <translation>输入</translation>
    </message>
    <message>
        <source>What you would want for it</source>
        <translation>希望得到的结果</translation>
    </message>
    <message>
        <source>Reasoning</source>
        <translation>推导</translation>
    </message>
    <message>
        <source>Another example</source>
        <translation>再加一个示例</translation>
    </message>
    <message>
        <source>Move the example up (Alt+Up)</source>
        <translation>上移示例（Alt+↑）</translation>
    </message>
    <message>
        <source>Move the example down (Alt+Down)</source>
        <translation>下移示例（Alt+↓）</translation>
    </message>
    <message>
        <source>Remove the example</source>
        <translation>移除示例</translation>
    </message>
    <message>
        <source>Send as earlier turns</source>
        <translation>作为之前的对话发送</translation>
    </message>
    <message>
        <source>Each example then stands in the conversation as if you had asked and the model had answered. Small models often follow that better. Insert and Copy keep the examples in the text.</source>
        <translation>每个示例会像您问过、模型答过一样出现在对话中。小模型往往更容易照做。插入和复制时，示例仍保留在文本中。</translation>
    </message>
    <message>
        <source>Input</source>
        <translation>输入</translation>
    </message>
    <message>
        <source>Output</source>
        <translation>输出</translation>
    </message>
    <message>
        <source>Example %1, input</source>
        <translation>示例 %1，输入</translation>
    </message>
    <message>
        <source>Example %1, output</source>
        <translation>示例 %1，输出</translation>
    </message>
    <message>
        <source>12 × 340 = 4,080, so the total of 4,280 is 200 too high</source>
        <translation>12 × 340 = 4080，所以合计 4280 多了 200</translation>
    </message>
    <message>
        <source>Example %1, reasoning</source>
        <translation>示例 %1，推导</translation>
    </message>
</context>
<context>
    <name>PromptFields</name>
    <message>
        <source>This model thinks by itself. Aim and limits are enough: leave out examples and steps.</source>
        <translation>这个模型会自己思考。说清目标和限制就够了，不必给示例和步骤。</translation>
    </message>
    <message>
        <source>Ask the model to think step by step</source>
        <translation>让模型一步一步地想</translation>
    </message>
    <message>
        <source>Helps with sums, logic and comparisons: the model writes its way to the answer first. An example with its reasoning shows how.</source>
        <translation>适合计算、推理和比较：模型先写出过程，再给答案。示例里写上推导，它就知道怎么写。</translation>
    </message>
    <message>
        <source>Steps</source>
        <translation>步骤</translation>
    </message>
    <message>
        <source>What comes in, and what you would want for it</source>
        <translation>输入什么，以及希望得到什么</translation>
    </message>
    <message>
        <source>Examples</source>
        <translation>示例</translation>
    </message>
    <message>
        <source>Only text can be pasted here. Open the file and copy its text.</source>
        <translation>这里只能粘贴文字。请打开文件，复制其中的文字。</translation>
    </message>
</context>
<context>
    <name>PromptFoot</name>
    <message>
        <source>Stop the answer</source>
        <translation>停止回答</translation>
    </message>
    <message>
        <source>Still missing: %1</source>
        <translation>还缺：%1</translation>
    </message>
    <message>
        <source>Goes to the part that is to be filled in</source>
        <translation>前往要填写的要素</translation>
    </message>
</context>
<context>
    <name>PromptHead</name>
    <message>
        <source>More</source>
        <translation>更多</translation>
    </message>
    <message>
        <source>Close the prompt builder (Ctrl+B)</source>
        <translation>关闭提示词助手（Ctrl+B）</translation>
    </message>
    <message>
        <source>Back to the conversation</source>
        <translation>返回对话</translation>
    </message>
    <message>
        <source>Guide me</source>
        <translation>引导我写</translation>
    </message>
    <message>
        <source>The same prompt, one question at a time</source>
        <translation>同一份提示词，一次只问一个问题</translation>
    </message>
    <message>
        <source>Prompt builder</source>
        <translation>提示词助手</translation>
    </message>
</context>
<context>
    <name>PromptPanel</name>
    <message>
        <source>Prompt builder</source>
        <translation>提示词助手</translation>
    </message>
    <message>
        <source>Examples</source>
        <translation>示例</translation>
    </message>
    <message>
        <source>Think step by step</source>
        <translation>一步一步思考</translation>
    </message>
    <message>
        <source>Ask me question by question</source>
        <translation>一步步问我</translation>
    </message>
    <message>
        <source>Take my message apart</source>
        <translation>拆分我的消息</translation>
    </message>
    <message>
        <source>Put the text into the message box</source>
        <translation>将文本放入输入框</translation>
    </message>
    <message>
        <source>Copy the text</source>
        <translation>复制文字</translation>
    </message>
    <message>
        <source>Compare with and without a part…</source>
        <translation>去掉一个要素，看看差别…</translation>
    </message>
    <message>
        <source>Empty all fields</source>
        <translation>清空所有要素</translation>
    </message>
    <message>
        <source>Save as recipe…</source>
        <translation>保存为模板…</translation>
    </message>
    <message>
        <source>Recipes…</source>
        <translation>模板…</translation>
    </message>
    <message>
        <source>There is a form for this: %1.</source>
        <translation>这件事有现成的表单：%1。</translation>
    </message>
    <message>
        <source>Use it</source>
        <translation>用它</translation>
    </message>
    <message>
        <source>Write something beside the task. Then you can compare answers with and without it.</source>
        <translation>除任务外再填一个选填的要素，就能对比去掉它之后的回答。</translation>
    </message>
    <message>
        <source>Fill the prompt builder first: a recipe is a prompt to be used again.</source>
        <translation>请先填写提示词助手：模板是可以重复使用的提示词。</translation>
    </message>
</context>
<context>
    <name>PromptPart</name>
    <message>
        <source>required</source>
        <translation>必填</translation>
    </message>
    <message>
        <source>How much this part matters: %1 of %2</source>
        <translation>这个要素有多重要：%1/%2</translation>
    </message>
    <message>
        <source>Add material</source>
        <translation>添加材料</translation>
    </message>
    <message>
        <source>A text to work on, set between quotes. Pasted passages go there by themselves.</source>
        <translation>要处理的材料，自动放进三引号。粘贴的大段文字会自动放到这里。</translation>
    </message>
    <message>
        <source>Add material to “%1”</source>
        <translation>为“%1”添加材料</translation>
    </message>
    <message>
        <source>Attach files</source>
        <translation>添加文件</translation>
    </message>
    <message>
        <source>The file goes along with the message, and this part refers to it.</source>
        <translation>文件会随消息一起发送，这个要素会提到它。</translation>
    </message>
    <message>
        <source>Attach files to “%1”</source>
        <translation>为“%1”添加文件</translation>
    </message>
</context>
<context>
    <name>PromptPresenter</name>
    <message>
        <source>Changed.</source>
        <translation>已修改。</translation>
    </message>
    <message>
        <source>Emptied.</source>
        <translation>已清空。</translation>
    </message>
    <message>
        <source>This was sent, and nothing is changed.</source>
        <translation>已经发送过，内容没有改动。</translation>
    </message>
    <message>
        <source>Your example was added.</source>
        <translation>已加入您的示例。</translation>
    </message>
    <message>
        <source>Send it again</source>
        <translation>再发送一次</translation>
    </message>
    <message>
        <source>What could not be sent is back.</source>
        <translation>未能发送的内容已恢复。</translation>
    </message>
    <message>
        <source>Use it again</source>
        <translation>再次使用</translation>
    </message>
    <message>
        <source>Start anew</source>
        <translation>重新填写</translation>
    </message>
    <message>
        <source>Sent.</source>
        <translation>已发送。</translation>
    </message>
    <message>
        <source>The answer is kept as an example.</source>
        <translation>已把回答存为示例。</translation>
    </message>
    <message>
        <source>The answer is kept as an example in the prompt builder.</source>
        <translation>已把回答存为示例，在提示词助手里。</translation>
    </message>
    <message>
        <source>There is nothing in the message box that could be taken apart.</source>
        <translation>输入框中没有可以拆分的内容。</translation>
    </message>
    <message>
        <source>Your message took the place of what stood here.</source>
        <translation>您的消息替换了这里原有的内容。</translation>
    </message>
    <message>
        <source>Undo</source>
        <translation>撤销</translation>
    </message>
    <message>
        <source>Your message is sorted into parts.</source>
        <translation>您的消息已拆成几个要素。</translation>
    </message>
    <message>
        <source>You are changing an earlier message.</source>
        <translation>您正在修改之前的消息。</translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation>取消</translation>
    </message>
</context>
<context>
    <name>PromptPreview</name>
    <message>
        <source>Preview</source>
        <translation>预览</translation>
    </message>
    <message>
        <source>The text that will be sent</source>
        <translation>将要发送的文本</translation>
    </message>
    <message>
        <source>%1 · too long</source>
        <translation>%1 · 太长</translation>
    </message>
    <message>
        <source>%1 · %2 of what the model reads at once</source>
        <translation>%1 · 占模型一次能读的 %2</translation>
    </message>
    <message>
        <source>You say:</source>
        <translation>您说：</translation>
    </message>
    <message>
        <source>The model answers:</source>
        <translation>模型回答：</translation>
    </message>
    <message>
        <source>[ %1 more characters, which are sent as well ]</source>
        <translation>[ 另有 %1 个字符，也会一并发送 ]</translation>
    </message>
</context>
<context>
    <name>PromptSending</name>
    <message>
        <source>Pasted text</source>
        <translation>粘贴的文字</translation>
    </message>
</context>
<context>
    <name>QAbstractFileIconProvider</name>
    <message>
        <source>Folder</source>
        <translation>文件夹</translation>
    </message>
    <message>
        <source>File Folder</source>
        <translation>文件夹</translation>
    </message>
    <message>
        <source>File</source>
        <translation>文件</translation>
    </message>
    <message>
        <source>Drive</source>
        <translation>驱动器</translation>
    </message>
</context>
<context>
    <name>QFileDialog</name>
    <message>
        <source>&amp;Look in:</source>
        <translation>查找范围(&amp;L)：</translation>
    </message>
    <message>
        <source>Files of &amp;type:</source>
        <translation>文件类型(&amp;T)：</translation>
    </message>
</context>
<context>
    <name>QFileSystemModel</name>
    <message>
        <source>Size</source>
        <translation>大小</translation>
    </message>
</context>
<context>
    <name>QPrintSettingsOutput</name>
    <message>
        <source>Page &amp;Set:</source>
        <translation>页面范围(&amp;S)：</translation>
    </message>
</context>
<context>
    <name>QueuedMessages</name>
    <message>
        <source>Send now</source>
        <translation>立即发送</translation>
    </message>
    <message>
        <source>Sends the first of the messages that wait</source>
        <translation>发送排队消息中的第一条</translation>
    </message>
    <message>
        <source>and %1 more</source>
        <translation>还有 %1 条</translation>
    </message>
    <message>
        <source>Queued: %1</source>
        <translation>排队中：%1</translation>
    </message>
    <message>
        <source>%1, with %2</source>
        <comment>a queued message, its files</comment>
        <translation>%1，附 %2</translation>
    </message>
    <message>
        <source>Take back into the box</source>
        <translation>取回到输入框</translation>
    </message>
    <message>
        <source>%1 and %2 more</source>
        <comment>a file, how many others</comment>
        <translation>%1 等另外 %2 个</translation>
    </message>
</context>
<context>
    <name>QuietLine</name>
    <message>
        <source>Close this notice</source>
        <translation>关闭此提示</translation>
    </message>
</context>
<context>
    <name>RecipeEditor</name>
    <message>
        <source>Leave once more to discard what you changed.</source>
        <translation>再次离开将放弃修改。</translation>
    </message>
    <message>
        <source>Blanks</source>
        <translation>填空项</translation>
    </message>
    <message>
        <source>Save</source>
        <translation>保存</translation>
    </message>
    <message>
        <source>Write {{recipient}} where something changes each time, or select words and make a blank of them.</source>
        <translation>在每次都会变化的地方写 {{收件人}}，或选中文字并将其设为填空项。</translation>
    </message>
    <message>
        <source>&amp;Name</source>
        <translation>名称(&amp;N)</translation>
    </message>
    <message>
        <source>&amp;What it is for (may stay empty)</source>
        <translation>用途（可留空）(&amp;W)</translation>
    </message>
    <message>
        <source>Texts</source>
        <translation>文字</translation>
    </message>
    <message>
        <source>text</source>
        <comment>name of a blank</comment>
        <translation>文字</translation>
    </message>
    <message>
        <source>blank</source>
        <comment>name of a blank</comment>
        <translation>填空</translation>
    </message>
    <message>
        <source>Other parts</source>
        <translation>其他要素</translation>
    </message>
    <message>
        <source>Make a blank</source>
        <translation>设为填空项</translation>
    </message>
    <message>
        <source>Of the words that are selected</source>
        <translation>将选中的文字设为填空项</translation>
    </message>
    <message>
        <source>Write {{recipient}} where something changes each time.</source>
        <translation>在每次都会变化的地方写 {{收件人}}。</translation>
    </message>
    <message>
        <source>Always the same text: %1</source>
        <translation>始终使用同样的文字：%1</translation>
    </message>
    <message>
        <source>Ask for it each time</source>
        <translation>每次都询问</translation>
    </message>
    <message>
        <source>Remove this material</source>
        <translation>移除此材料</translation>
    </message>
</context>
<context>
    <name>RecipeForm</name>
    <message>
        <source>Only text can be pasted here. Open the file and copy its text.</source>
        <translation>这里只能粘贴文字。请打开文件并复制其中的文字。</translation>
    </message>
    <message>
        <source>Please choose</source>
        <translation>请选择</translation>
    </message>
    <message>
        <source>Nothing</source>
        <translation>无</translation>
    </message>
    <message>
        <source>Leave once more to discard what you typed.</source>
        <translation>再次离开将放弃输入的内容。</translation>
    </message>
    <message>
        <source>Use</source>
        <translation>使用</translation>
    </message>
    <message>
        <source>Put the filled prompt into the prompt builder (Ctrl+Enter)</source>
        <translation>将填好的提示词放入提示词助手（Ctrl+回车键）</translation>
    </message>
    <message>
        <source>Nothing of this is kept with the recipe.</source>
        <translation>此处填写的内容不会保存到模板中。</translation>
    </message>
    <message>
        <source>This recipe asks for nothing. Use puts it into the prompt builder.</source>
        <translation>此模板没有需要填写的内容。点按“使用”即可放入提示词助手。</translation>
    </message>
</context>
<context>
    <name>RecipeList</name>
    <message>
        <source>Find a recipe</source>
        <translation>查找模板</translation>
    </message>
    <message>
        <source>Import…</source>
        <translation>导入…</translation>
    </message>
    <message>
        <source>Your examples</source>
        <translation>您的示例</translation>
    </message>
    <message>
        <source>Files that could not be read</source>
        <translation>无法读取的文件</translation>
    </message>
    <message>
        <source>Recipes that others keep in a shared folder can be used here, too.</source>
        <translation>也可以使用他人存放在共享文件夹中的模板。</translation>
    </message>
    <message>
        <source>Change…</source>
        <translation>更改…</translation>
    </message>
    <message>
        <source>Choose a folder…</source>
        <translation>选择文件夹…</translation>
    </message>
    <message>
        <source>Use the example “%1”</source>
        <translation>使用示例“%1”</translation>
    </message>
    <message>
        <source>Use</source>
        <translation>使用</translation>
    </message>
    <message>
        <source>Delete the example “%1”</source>
        <translation>删除示例“%1”</translation>
    </message>
    <message>
        <source>Choose the folder of your company</source>
        <translation>选择公司共享文件夹</translation>
    </message>
    <message>
        <source>Stop using the folder of your company</source>
        <translation>停止使用公司共享文件夹</translation>
    </message>
    <message>
        <source>Stop using</source>
        <translation>停止使用</translation>
    </message>
    <message>
        <source>A folder of your company</source>
        <translation>公司共享文件夹</translation>
    </message>
    <message>
        <source>More recipes: %1. Type a word of theirs above.</source>
        <translation>还有 %1 个模板。请在上方输入其中的文字来查找。</translation>
    </message>
    <message>
        <source>No recipe contains “%1”.</source>
        <translation>没有找到含“%1”的模板。</translation>
    </message>
    <message>
        <source>There are no recipes yet. To make one, write a prompt in the prompt builder and choose “Save as recipe…” in its menu.</source>
        <translation>还没有模板。请在提示词助手中写好提示词，然后在其菜单中选择“保存为模板…”。</translation>
    </message>
</context>
<context>
    <name>RecipePage</name>
    <message>
        <source>Back</source>
        <translation>返回</translation>
    </message>
    <message>
        <source>Recipes</source>
        <translation>模板</translation>
    </message>
</context>
<context>
    <name>RecipePresenter</name>
    <message>
        <source>Filled in from “%1”.</source>
        <translation>已用“%1”填写。</translation>
    </message>
    <message>
        <source>Save as recipe</source>
        <translation>保存为模板</translation>
    </message>
    <message>
        <source>Edit the recipe</source>
        <translation>编辑模板</translation>
    </message>
    <message>
        <source>Duplicate the recipe</source>
        <translation>复制模板</translation>
    </message>
    <message>
        <source>Saved: %1</source>
        <translation>已保存：%1</translation>
    </message>
    <message>
        <source>“%1” was deleted.</source>
        <translation>“%1”已删除。</translation>
    </message>
    <message>
        <source>Recipes (*.candor.toml *.toml)</source>
        <translation>模板 (*.candor.toml *.toml)</translation>
    </message>
    <message>
        <source>Export the recipe</source>
        <translation>导出模板</translation>
    </message>
    <message>
        <source>Exported to %1</source>
        <translation>已导出到 %1</translation>
    </message>
    <message>
        <source>The link is copied. It opens this recipe for all who have one of this name: give them the exported file as well, or put that into the folder of your company.</source>
        <translation>链接已复制。对方也有这个模板时点开即用；没有的话，请把导出的文件一并发给对方，或放进公司共享文件夹。</translation>
    </message>
    <message>
        <source>The link is copied. It opens this recipe for all who use the folder of your company.</source>
        <translation>链接已复制。使用公司共享文件夹的人点开即用。</translation>
    </message>
    <message>
        <source>The example was deleted.</source>
        <translation>示例已删除。</translation>
    </message>
    <message>
        <source>It is back.</source>
        <translation>已恢复。</translation>
    </message>
    <message>
        <source>A folder of your company&apos;s recipes</source>
        <translation>公司的模板文件夹</translation>
    </message>
    <message>
        <source>That is the folder of your own recipes.</source>
        <translation>这是您自己的模板文件夹。</translation>
    </message>
    <message>
        <source>Another program has changed that recipe meanwhile. Yours is kept beside it: %1</source>
        <translation>其他程序在此期间改动了那个模板，您的已另存在旁边：%1</translation>
    </message>
    <message>
        <source>Imported: %1</source>
        <translation>已导入：%1</translation>
    </message>
    <message>
        <source>Import the recipe</source>
        <translation>导入模板</translation>
    </message>
    <message>
        <source>Recipes (*.toml);;All files (*)</source>
        <translation>模板 (*.toml);;所有文件 (*)</translation>
    </message>
    <message>
        <source>Import recipes</source>
        <translation>导入模板</translation>
    </message>
</context>
<context>
    <name>RecipeRow</name>
    <message>
        <source>Use</source>
        <translation>使用</translation>
    </message>
    <message>
        <source>Use “%1”</source>
        <translation>使用“%1”</translation>
    </message>
    <message>
        <source>Take out of the sidebar</source>
        <translation>从侧边栏移除</translation>
    </message>
    <message>
        <source>Pin to the sidebar</source>
        <translation>置顶到侧边栏</translation>
    </message>
    <message>
        <source>Take “%1” out of the sidebar</source>
        <translation>将“%1”从侧边栏移除</translation>
    </message>
    <message>
        <source>Pin “%1” to the sidebar</source>
        <translation>将“%1”置顶到侧边栏</translation>
    </message>
    <message>
        <source>More</source>
        <translation>更多</translation>
    </message>
    <message>
        <source>More for “%1”</source>
        <translation>“%1”的更多操作</translation>
    </message>
    <message>
        <source>Of your company · read-only</source>
        <translation>公司模板 · 只读</translation>
    </message>
    <message>
        <source>Read-only</source>
        <translation>只读</translation>
    </message>
    <message>
        <source>Edit…</source>
        <translation>编辑…</translation>
    </message>
    <message>
        <source>Duplicate…</source>
        <translation>复制…</translation>
    </message>
    <message>
        <source>Export…</source>
        <translation>导出…</translation>
    </message>
    <message>
        <source>Copy link</source>
        <translation>复制链接</translation>
    </message>
    <message>
        <source>For a mail, a page or a shortcut: it opens this recipe where it is at hand</source>
        <translation>可放在邮件、网页或快捷方式中：在已有此模板的电脑上，点按即可打开</translation>
    </message>
    <message>
        <source>Delete</source>
        <translation>删除</translation>
    </message>
</context>
<context>
    <name>RecipeSheet</name>
    <message>
        <source>Cancel</source>
        <translation>取消</translation>
    </message>
</context>
<context>
    <name>Remarks</name>
    <message>
        <source>Next</source>
        <translation>下一处</translation>
    </message>
    <message>
        <source>Why?</source>
        <translation>为什么？</translation>
    </message>
    <message>
        <source>Go to the next of them (F8 goes through all that was looked up)</source>
        <translation>转到下一处（F8 会逐一查看核对过的所有内容）</translation>
    </message>
    <message>
        <source>Why? · %1 more</source>
        <translation>为什么？· 另有 %1 条</translation>
    </message>
    <message>
        <source>The answer is very long: only its beginning was looked up.</source>
        <translation>回答很长：只核对了开头部分。</translation>
    </message>
    <message>
        <source>Figures in code were not looked up</source>
        <translation>代码中的数字未核对</translation>
    </message>
</context>
<context>
    <name>ReplyThinking</name>
    <message>
        <source>Thinking</source>
        <translation>思考过程</translation>
    </message>
    <message>
        <source>The provider does not show what the model thought</source>
        <translation>服务商不显示模型的思考内容</translation>
    </message>
    <message>
        <source>Not sent with later questions</source>
        <translation>不会随之后的问题一起发送</translation>
    </message>
    <message>
        <source>Copy the thinking</source>
        <translation>复制思考过程</translation>
    </message>
    <message>
        <source>Move to the answer</source>
        <translation>移到回答里</translation>
    </message>
    <message>
        <source>Automatic</source>
        <translation>自动</translation>
    </message>
    <message>
        <source>Always open</source>
        <translation>始终展开</translation>
    </message>
    <message>
        <source>Always closed</source>
        <translation>始终收起</translation>
    </message>
</context>
<context>
    <name>Screens</name>
    <message>
        <source>Where your words go is not recorded</source>
        <translation>未能记录您的内容去向</translation>
    </message>
</context>
<context>
    <name>SearchPage</name>
    <message>
        <source>Find anything said</source>
        <translation>搜索所有对话</translation>
    </message>
    <message>
        <source>Found</source>
        <translation>找到的内容</translation>
    </message>
    <message>
        <source>Searching…</source>
        <translation>正在查找…</translation>
    </message>
    <message>
        <source>Back (Esc)</source>
        <translation>返回（Esc）</translation>
    </message>
    <message>
        <source>move</source>
        <translation>移动</translation>
    </message>
    <message>
        <source>to the message</source>
        <translation>转到消息</translation>
    </message>
    <message>
        <source>Enter</source>
        <translation>回车键</translation>
    </message>
    <message>
        <source>filters</source>
        <translation>筛选</translation>
    </message>
    <message>
        <source>Tab</source>
        <translation>Tab</translation>
    </message>
    <message>
        <source>back to the conversation</source>
        <translation>返回对话</translation>
    </message>
    <message>
        <source>Esc</source>
        <translation>Esc</translation>
    </message>
    <message>
        <source>Searching, %1 indexed…</source>
        <translation>正在查找，已建立 %1 的索引…</translation>
    </message>
    <message>
        <source>Type what you remember: a word of a question, an answer, a file or a title.</source>
        <translation>输入您记得的内容：问题、回答、文件或标题中的一个词。</translation>
    </message>
    <message>
        <source>Nothing was found for “%1”.</source>
        <translation>没有找到“%1”。</translation>
    </message>
    <message>
        <source>Nothing was found for “%1”. The filters above may hide something.</source>
        <translation>没有找到“%1”。上方的筛选可能隐藏了一些内容。</translation>
    </message>
</context>
<context>
    <name>Section</name>
    <message>
        <source>What “%1” is for</source>
        <translation>“%1”有什么用</translation>
    </message>
</context>
<context>
    <name>SendButton</name>
    <message>
        <source>Stop</source>
        <translation>停止</translation>
    </message>
    <message>
        <source>Send</source>
        <translation>发送</translation>
    </message>
    <message>
        <source>Stop (Esc)</source>
        <translation>停止（Esc）</translation>
    </message>
</context>
<context>
    <name>SentFiles</name>
    <message>
        <source>Enter shows what was sent of it</source>
        <translation>按回车键查看发送过的内容</translation>
    </message>
    <message>
        <source>A folder</source>
        <translation>文件夹</translation>
    </message>
    <message>
        <source>Enter lists the files</source>
        <translation>按回车键列出文件</translation>
    </message>
</context>
<context>
    <name>SettingsDialog</name>
    <message>
        <source>Settings</source>
        <translation>设置</translation>
    </message>
    <message>
        <source>Look</source>
        <translation>外观</translation>
    </message>
    <message>
        <source>Privacy</source>
        <translation>隐私</translation>
    </message>
    <message>
        <source>Conversations</source>
        <translation>对话</translation>
    </message>
    <message>
        <source>Help while writing</source>
        <translation>写作帮助</translation>
    </message>
    <message>
        <source>As the system</source>
        <translation>跟随系统</translation>
    </message>
    <message>
        <source>Light</source>
        <translation>浅色</translation>
    </message>
    <message>
        <source>Dark</source>
        <translation>深色</translation>
    </message>
    <message>
        <source>%1 %</source>
        <translation>%1%</translation>
    </message>
    <message>
        <source>Name model and place at an answer</source>
        <translation>标出回答的模型和位置</translation>
    </message>
    <message>
        <source>Only where they differ from those of the answer before.</source>
        <translation>仅在与上一条回答不同时标出。</translation>
    </message>
    <message>
        <source>Until I delete them for good</source>
        <translation>直到我永久删除</translation>
    </message>
    <message>
        <source>For %1 days</source>
        <translation>%1 天</translation>
    </message>
    <message>
        <source>Offline lock: only this computer</source>
        <translation>离线锁：只访问这台电脑</translation>
    </message>
    <message>
        <source>Name the task as I write, offer a form</source>
        <translation>输入时识别任务并提供引导</translation>
    </message>
    <message>
        <source>Let models on this computer write titles</source>
        <translation>让这台电脑上的模型为对话命名</translation>
    </message>
    <message>
        <source>Offer a model that suits the task</source>
        <translation>任务需要时，提示换一个模型</translation>
    </message>
    <message>
        <source>Backups…</source>
        <translation>备份…</translation>
    </message>
    <message>
        <source>Import…</source>
        <translation>导入…</translation>
    </message>
    <message>
        <source>Import… reads what ChatGPT, Claude, Open WebUI, Jan, LM Studio, Cherry Studio or Candor has exported.</source>
        <translation>“导入…”可以读取从 ChatGPT、Claude、Open WebUI、Jan、LM Studio、Cherry Studio 或 Candor 导出的对话。</translation>
    </message>
    <message>
        <source>From a file…</source>
        <translation>从文件…</translation>
    </message>
    <message>
        <source>From a folder…</source>
        <translation>从文件夹…</translation>
    </message>
    <message>
        <source>What is fixed…</source>
        <translation>固定的设置…</translation>
    </message>
    <message>
        <source>Where did my words go…</source>
        <translation>内容去向…</translation>
    </message>
    <message>
        <source>Hold a message whose text is missing</source>
        <translation>消息缺少原文时先提醒</translation>
    </message>
    <message>
        <source>Say below an answer what looks wrong</source>
        <translation>在回答下方指出可疑之处</translation>
    </message>
    <message>
        <source>Once a conversation: a model without the contract invents one.</source>
        <translation>每个对话只提醒一次：没有合同原文，模型会编一份出来。</translation>
    </message>
    <message>
        <source>Found on this computer, without a model. Where Candor is not sure, it says nothing.</source>
        <translation>在这台电脑上查找，不用模型。拿不准的不说。</translation>
    </message>
    <message>
        <source>Instructions…</source>
        <translation>自定义指令…</translation>
    </message>
    <message>
        <source>Close</source>
        <translation>关闭</translation>
    </message>
    <message>
        <source>Language</source>
        <translation>语言</translation>
    </message>
    <message>
        <source>Colours</source>
        <translation>颜色</translation>
    </message>
    <message>
        <source>Text size</source>
        <translation>文字大小</translation>
    </message>
    <message>
        <source>Keep deleted conversations</source>
        <translation>保留回收站里的对话</translation>
    </message>
    <message>
        <source>For this start alone, as it was asked for. Choose one to keep it.</source>
        <translation>仅本次启动使用，由启动时指定。在此选择即可保留。</translation>
    </message>
    <message>
        <source>The language can be changed when the answer has ended.</source>
        <translation>回答结束后才能更改语言。</translation>
    </message>
    <message>
        <source>Requests to servers elsewhere then end at once, with a sentence that says why.</source>
        <translation>开启后，不会连接其他服务器，并会告诉您原因。</translation>
    </message>
    <message>
        <source>One that thinks for a calculation, a quicker one for a letter. Of those you have.</source>
        <translation>计算时建议会思考的模型，写信时建议更快的模型；只从您已有的模型里选。</translation>
    </message>
    <message>
        <source>After its first answer, by the model that gave it. Not on battery. Titles that you write stay.</source>
        <translation>第一次回答之后，由作答的模型命名。使用电池时不命名。您自己写的标题保持不变。</translation>
    </message>
</context>
<context>
    <name>Sidebar</name>
    <message>
        <source>Conversations</source>
        <translation>对话</translation>
    </message>
    <message>
        <source>New conversation</source>
        <translation>新对话</translation>
    </message>
    <message>
        <source>Which model</source>
        <translation>选择模型</translation>
    </message>
    <message>
        <source>Where did my words go</source>
        <translation>内容去向</translation>
    </message>
    <message>
        <source>Connections</source>
        <translation>连接</translation>
    </message>
    <message>
        <source>Deleted conversations</source>
        <translation>回收站</translation>
    </message>
    <message>
        <source>Settings (Ctrl+,)</source>
        <translation>设置（Ctrl+,）</translation>
    </message>
    <message>
        <source>Help (F1)</source>
        <translation>帮助（F1）</translation>
    </message>
    <message>
        <source>Your conversations will be listed here.</source>
        <translation>您的对话会显示在这里。</translation>
    </message>
</context>
<context>
    <name>StartRecipes</name>
    <message>
        <source>All recipes</source>
        <translation>全部模板</translation>
    </message>
    <message>
        <source>Your recipes</source>
        <translation>您的模板</translation>
    </message>
    <message>
        <source>Use the recipe “%1”</source>
        <translation>使用模板“%1”</translation>
    </message>
</context>
<context>
    <name>TaskChip</name>
    <message>
        <source>Paste</source>
        <translation>粘贴</translation>
    </message>
    <message>
        <source>Guide me</source>
        <translation>引导我写</translation>
    </message>
    <message>
        <source>Tab</source>
        <comment>the key</comment>
        <translation>Tab</translation>
    </message>
    <message>
        <source>Do not name the task of this text</source>
        <translation>这段文字不再提示</translation>
    </message>
    <message>
        <source>Task recognised: %1</source>
        <translation>识别出的任务：%1</translation>
    </message>
    <message>
        <source>Three questions make this request clearer</source>
        <translation>回答三个问题，把要求说得更清楚</translation>
    </message>
    <message>
        <source>Missing: %1</source>
        <translation>还缺：%1</translation>
    </message>
</context>
<context>
    <name>TaskList</name>
    <message>
        <source>What do you want to write?</source>
        <translation>您想写什么？</translation>
    </message>
    <message>
        <source>Write freely</source>
        <translation>直接写</translation>
    </message>
    <message>
        <source>In parts that fit anything</source>
        <translation>要素适合任何事情</translation>
    </message>
</context>
<context>
    <name>TaskModelPresenter</name>
    <message>
        <source>Compare both</source>
        <translation>对比两个回答</translation>
    </message>
    <message>
        <source>Use it here</source>
        <translation>在这里用它</translation>
    </message>
    <message>
        <source>Step by step</source>
        <translation>一步一步来</translation>
    </message>
    <message>
        <source>Switch thinking off</source>
        <translation>关闭思考</translation>
    </message>
    <message>
        <source>Not now</source>
        <translation>以后再说</translation>
    </message>
</context>
<context>
    <name>TermLine</name>
    <message>
        <source>A lesson of one minute</source>
        <translation>一分钟课程</translation>
    </message>
</context>
<context>
    <name>TermRow</name>
    <message>
        <source>The lesson</source>
        <translation>看课程</translation>
    </message>
</context>
<context>
    <name>TextDialog</name>
    <message>
        <source>Close</source>
        <translation>关闭</translation>
    </message>
</context>
<context>
    <name>TextSurface</name>
    <message>
        <source>Copy the code</source>
        <translation>复制代码</translation>
    </message>
</context>
<context>
    <name>ThinkingControl</name>
    <message>
        <source>How much the model thinks before it answers</source>
        <translation>模型在回答前思考多少</translation>
    </message>
    <message>
        <source>Limit…</source>
        <translation>上限…</translation>
    </message>
    <message>
        <source>After so long, the model is asked for its answer</source>
        <translation>超过这个长度后，要求模型给出回答</translation>
    </message>
    <message>
        <source>Off</source>
        <comment>limit</comment>
        <translation>关闭</translation>
    </message>
    <message>
        <source>Thinking: %1</source>
        <translation>思考：%1</translation>
    </message>
    <message>
        <source>Thinking: %1, at most %2</source>
        <translation>思考：%1，最多 %2</translation>
    </message>
</context>
<context>
    <name>ThinkingHeader</name>
    <message>
        <source>Thinking</source>
        <translation>思考过程</translation>
    </message>
    <message>
        <source>Hide the thinking</source>
        <translation>收起思考过程</translation>
    </message>
    <message>
        <source>Show the thinking</source>
        <translation>展开思考过程</translation>
    </message>
</context>
<context>
    <name>TitleField</name>
    <message>
        <source>New title</source>
        <translation>新标题</translation>
    </message>
    <message>
        <source>Press Enter to rename</source>
        <translation>按回车键重命名</translation>
    </message>
</context>
<context>
    <name>Transcript</name>
    <message>
        <source>Conversation</source>
        <translation>对话</translation>
    </message>
    <message>
        <source>↓ New text</source>
        <translation>↓ 新内容</translation>
    </message>
</context>
<context>
    <name>TranscriptSelection</name>
    <message>
        <source>Move to the thinking</source>
        <translation>移到思考里</translation>
    </message>
    <message>
        <source>Move to the answer</source>
        <translation>移到回答里</translation>
    </message>
    <message>
        <source>Copy</source>
        <translation>复制</translation>
    </message>
    <message>
        <source>Copy as Markdown</source>
        <translation>复制为 Markdown</translation>
    </message>
    <message>
        <source>Copy as plain text</source>
        <translation>复制为纯文本</translation>
    </message>
    <message>
        <source>Export or print the selected messages…</source>
        <translation>导出或打印选中的消息…</translation>
    </message>
    <message>
        <source>Copy the link&apos;s address</source>
        <translation>复制链接地址</translation>
    </message>
    <message>
        <source>Copy this code</source>
        <translation>复制这段代码</translation>
    </message>
    <message>
        <source>Copy this table</source>
        <translation>复制此表格</translation>
    </message>
    <message>
        <source>Save this table…</source>
        <translation>保存此表格…</translation>
    </message>
    <message>
        <source>Copy this formula</source>
        <translation>复制此公式</translation>
    </message>
    <message>
        <source>Copy this formula as LaTeX</source>
        <translation>将此公式复制为 LaTeX</translation>
    </message>
    <message>
        <source>Copy this formula as MathML</source>
        <translation>将此公式复制为 MathML</translation>
    </message>
    <message>
        <source>Select all</source>
        <translation>全选</translation>
    </message>
</context>
<context>
    <name>UndoBar</name>
    <message>
        <source>Undo</source>
        <translation>撤销</translation>
    </message>
</context>
<context>
    <name>WindowActs</name>
    <message>
        <source>%1 is set up, with %2</source>
        <translation>%1 已设置好，可用 %2</translation>
    </message>
    <message>
        <source>Use it now</source>
        <translation>现在使用</translation>
    </message>
    <message>
        <source>Not now</source>
        <translation>暂不</translation>
    </message>
    <message>
        <source>Model files (*.gguf);;All files (*)</source>
        <translation>模型文件 (*.gguf);;所有文件 (*)</translation>
    </message>
    <message>
        <source>Open a model file</source>
        <translation>打开模型文件</translation>
    </message>
</context>
<context>
    <name>_FormDialog</name>
    <message>
        <source>Cancel</source>
        <translation>取消</translation>
    </message>
</context>
<context>
    <name>_FrameworkPicker</name>
    <message>
        <source>Find a task or a recipe</source>
        <translation>查找任务或模板</translation>
    </message>
    <message>
        <source>Nothing of the list is like that.</source>
        <translation>列表中没有这样的内容。</translation>
    </message>
    <message>
        <source>Frameworks</source>
        <translation>框架</translation>
    </message>
</context>
<context>
    <name>_Overlay</name>
    <message>
        <source>Drop to give it to the model</source>
        <translation>松开即可交给模型</translation>
    </message>
    <message>
        <source>Drop to give it to “%1”</source>
        <translation>松开即可交给“%1”</translation>
    </message>
</context>
<context>
    <name>_Painter</name>
    <message>
        <source>New title</source>
        <translation>新标题</translation>
    </message>
</context>
<context>
    <name>_SentPicture</name>
    <message>
        <source>Enter shows the picture</source>
        <translation>按回车键查看图片</translation>
    </message>
</context>
<context>
    <name>address</name>
    <message>
        <source>Enter the address of the server.</source>
        <translation>请输入服务器地址。</translation>
    </message>
    <message>
        <source>The address must begin with http:// or https://.</source>
        <translation>地址必须以 http:// 或 https:// 开头。</translation>
    </message>
    <message>
        <source>This is not an address. It looks like https://server.example.com/v1.</source>
        <translation>这不是有效的地址。地址的形式如 https://server.example.com/v1。</translation>
    </message>
    <message>
        <source>http is not encrypted: anyone on the way can read your words and your key. Use https.</source>
        <translation>http 没有加密：传输途中的任何人都能看到您的内容和密钥。请改用 https。</translation>
    </message>
    <message>
        <source>http is not encrypted: others in this network may be able to read your words and your key.</source>
        <translation>http 没有加密：同一网络中的其他人可能看到您的内容和密钥。</translation>
    </message>
    <message>
        <source>There is a “%1” in this address, which no address has.</source>
        <translation>地址中有“%1”，地址里不会有这个字符。</translation>
    </message>
    <message>
        <source>Leave out what stands before the @. The key has a field of its own.</source>
        <translation>请去掉 @ 及其之前的内容。密钥请填在专门的输入框中。</translation>
    </message>
    <message>
        <source>Leave out everything from the ? or # on.</source>
        <translation>请去掉 ? 或 # 及其之后的内容。</translation>
    </message>
</context>
<context>
    <name>app</name>
    <message>
        <source>Built-in engine</source>
        <translation>内置引擎</translation>
    </message>
    <message>
        <source>What is fixed on this computer has changed. It holds from now on.</source>
        <translation>此电脑上固定的内容已更改，从现在起生效。</translation>
    </message>
    <message>
        <source>What is fixed…</source>
        <translation>固定的设置…</translation>
    </message>
    <message>
        <source>What is wrong…</source>
        <translation>哪里有问题…</translation>
    </message>
    <message>
        <source>The folder %1 belongs to another user of this computer, who can read and change it.</source>
        <translation>文件夹 %1 属于这台电脑的另一个用户，该用户可以读取和更改其中的内容。</translation>
    </message>
    <message>
        <source>Other users of this computer can change what Candor keeps in %1.</source>
        <translation>这台电脑的其他用户可以更改 Candor 保存在 %1 中的内容。</translation>
    </message>
    <message>
        <source>Close it to others</source>
        <translation>不让他人访问</translation>
    </message>
    <message>
        <source>The system did not allow that. Ask whoever looks after this computer.</source>
        <translation>系统不允许这样做。请询问负责这台电脑的人。</translation>
    </message>
    <message>
        <source>Another version of Candor has been installed. It is used from the next start on.</source>
        <translation>已安装另一个版本的 Candor，下次启动时使用。</translation>
    </message>
    <message>
        <source>Restart now</source>
        <translation>立即重新启动</translation>
    </message>
    <message>
        <source>Your settings could not be read</source>
        <translation>无法读取您的设置</translation>
    </message>
    <message>
        <source>Candor started with its own settings. Conversations are not affected.</source>
        <translation>Candor 已使用默认设置启动，对话不受影响。</translation>
    </message>
    <message>
        <source>The unreadable file was kept as %1.</source>
        <translation>无法读取的文件已另存为 %1。</translation>
    </message>
    <message>
        <source>The offline lock is on: nothing leaves this computer until you switch it off.</source>
        <translation>离线锁已开启：在您关闭它之前，任何内容都不会离开这台电脑。</translation>
    </message>
    <message>
        <source>Candor could not be opened</source>
        <translation>Candor 无法打开</translation>
    </message>
    <message>
        <source>This is a fault of the program&apos;s, not of yours. Your conversations are still there. Open it again; if that does not help, install it again. The details help whoever mends it.</source>
        <translation>这是程序的问题，不是您的问题。您的对话都还在。请重新打开 Candor；如果没有用，请重新安装。详细信息有助于修复问题。</translation>
    </message>
    <message>
        <source>Begin with a new folder</source>
        <translation>使用新文件夹开始</translation>
    </message>
    <message>
        <source>Show the folder</source>
        <translation>显示该文件夹</translation>
    </message>
</context>
<context>
    <name>bin</name>
    <message>
        <source>deleted today</source>
        <translation>今天删除</translation>
    </message>
</context>
<context>
    <name>consent</name>
    <message>
        <source>Your instructions</source>
        <translation>您的自定义指令</translation>
    </message>
    <message>
        <source>[Picture: %1]</source>
        <translation>[图片：%1]</translation>
    </message>
    <message>
        <source>You</source>
        <translation>您</translation>
    </message>
    <message>
        <source>Answer</source>
        <translation>回答</translation>
    </message>
    <message>
        <source>This message</source>
        <translation>这条消息</translation>
    </message>
</context>
<context>
    <name>conversation_list</name>
    <message>
        <source>Temporary, until Candor closes</source>
        <translation>临时，关闭 Candor 即消失</translation>
    </message>
    <message>
        <source>Pinned</source>
        <translation>已置顶</translation>
    </message>
    <message>
        <source>Today</source>
        <translation>今天</translation>
    </message>
    <message>
        <source>Yesterday</source>
        <translation>昨天</translation>
    </message>
    <message>
        <source>Previous 7 days</source>
        <translation>过去 7 天</translation>
    </message>
    <message>
        <source>MMMM</source>
        <comment>the name of a month, as Qt writes dates</comment>
        <translation>M月</translation>
    </message>
    <message>
        <source>%1 %2</source>
        <comment>a month and its year</comment>
        <translation>%2年%1</translation>
    </message>
    <message>
        <source>New conversation</source>
        <translation>新对话</translation>
    </message>
</context>
<context>
    <name>conversation_menu</name>
    <message>
        <source>Rename</source>
        <translation>重命名</translation>
    </message>
    <message>
        <source>Unpin</source>
        <translation>取消置顶</translation>
    </message>
    <message>
        <source>Pin</source>
        <translation>置顶</translation>
    </message>
    <message>
        <source>Export…</source>
        <translation>导出…</translation>
    </message>
    <message>
        <source>Where did my words go</source>
        <translation>内容去向</translation>
    </message>
    <message>
        <source>Delete</source>
        <translation>删除</translation>
    </message>
    <message>
        <source>Move to group</source>
        <translation>移到分组</translation>
    </message>
    <message>
        <source>No group</source>
        <translation>不放入分组</translation>
    </message>
    <message>
        <source>New group…</source>
        <translation>新建分组…</translation>
    </message>
    <message>
        <source>Move to a new group</source>
        <translation>移动到新分组</translation>
    </message>
    <message>
        <source>Name of the group</source>
        <translation>分组名称</translation>
    </message>
    <message>
        <source>Move</source>
        <translation>移动</translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation>取消</translation>
    </message>
</context>
<context>
    <name>documents</name>
    <message>
        <source>Show the picture</source>
        <translation>查看图片</translation>
    </message>
    <message>
        <source>No text in it</source>
        <translation>没有文字</translation>
    </message>
    <message>
        <source>Its pages are pictures, such as a scan. A model that sees can look at them.</source>
        <translation>它的页面是图片，例如扫描件。能看图的模型可以读取。</translation>
    </message>
    <message>
        <source>%1 can&apos;t.</source>
        <translation>%1 看不了。</translation>
    </message>
    <message>
        <source>It is not known if %1 does.</source>
        <translation>尚不清楚 %1 能否看图。</translation>
    </message>
    <message>
        <source>Choose pages…</source>
        <translation>选择页面…</translation>
    </message>
    <message>
        <source>Switch to %1</source>
        <translation>切换到 %1</translation>
    </message>
    <message>
        <source>%1 can&apos;t see pictures</source>
        <translation>%1 看不了图片</translation>
    </message>
    <message>
        <source>None of the models that are here can. Add one that sees.</source>
        <translation>这里的模型都看不了图片。请添加一个能看图的模型。</translation>
    </message>
    <message>
        <source>“%1” would see them.</source>
        <translation>“%1”可以看。</translation>
    </message>
    <message>
        <source>These would see them: %1.</source>
        <translation>这些模型可以看：%1。</translation>
    </message>
</context>
<context>
    <name>each_file</name>
    <message>
        <source>Try again</source>
        <translation>重试</translation>
    </message>
</context>
<context>
    <name>errors</name>
    <message>
        <source>The model is not there</source>
        <translation>找不到该模型</translation>
    </message>
    <message>
        <source>%1 is at none of the servers that are there now. Choose another model, or set up its server again.</source>
        <translation>现有的服务器上都没有 %1。请另选一个模型，或重新设置它所在的服务器。</translation>
    </message>
    <message>
        <source>%1 answers but offers no model to talk to. Add one there, or connect to another server.</source>
        <translation>%1 有响应，但没有可以对话的模型。请在那里添加模型，或连接其他服务器。</translation>
    </message>
    <message>
        <source>No model there yet</source>
        <translation>那里还没有模型</translation>
    </message>
    <message>
        <source>There is no model to ask yet</source>
        <translation>还没有可以提问的模型</translation>
    </message>
    <message>
        <source>Your message is kept. Set up a server, or open a model file; then send it with Enter.</source>
        <translation>您的消息已保留。请设置服务器或打开模型文件，然后按回车键发送。</translation>
    </message>
</context>
<context>
    <name>export</name>
    <message>
        <source>Conversation</source>
        <translation>对话</translation>
    </message>
    <message>
        <source>Export the conversation</source>
        <translation>导出对话</translation>
    </message>
    <message>
        <source>Table</source>
        <translation>表格</translation>
    </message>
    <message>
        <source>Excel workbook (*.xlsx)</source>
        <translation>Excel 工作簿 (*.xlsx)</translation>
    </message>
    <message>
        <source>Text with commas (*.csv)</source>
        <translation>逗号分隔文本 (*.csv)</translation>
    </message>
    <message>
        <source>Word document (*.docx)</source>
        <translation>Word 文档 (*.docx)</translation>
    </message>
    <message>
        <source>Save the table</source>
        <translation>保存表格</translation>
    </message>
    <message>
        <source>There is no room for %1. Choose another disk, or free some space.</source>
        <translation>空间不足，无法写入 %1。请选择其他磁盘，或清理一些空间。</translation>
    </message>
    <message>
        <source>Candor may not write %1. Choose another folder.</source>
        <translation>Candor 没有权限写入 %1。请选择其他文件夹。</translation>
    </message>
    <message>
        <source>%1 could not be written. Choose another folder, or try again.</source>
        <translation>无法写入 %1。请选择其他文件夹，或重试。</translation>
    </message>
    <message>
        <source>The conversation was not exported</source>
        <translation>对话未导出</translation>
    </message>
    <message>
        <source>Markdown</source>
        <translation>Markdown</translation>
    </message>
    <message>
        <source>Plain text</source>
        <translation>纯文本</translation>
    </message>
    <message>
        <source>Word document</source>
        <translation>Word 文档</translation>
    </message>
    <message>
        <source>Web page</source>
        <translation>网页</translation>
    </message>
    <message>
        <source>PDF</source>
        <translation>PDF</translation>
    </message>
    <message>
        <source>Candor file, to be imported again</source>
        <translation>Candor 文件，可再次导入</translation>
    </message>
    <message>
        <source>Excel workbook, with each table</source>
        <translation>Excel 工作簿，含每个表格</translation>
    </message>
    <message>
        <source>, </source>
        <comment>between a file and its pages</comment>
        <translation>，</translation>
    </message>
    <message>
        <source>From: %1</source>
        <comment>files</comment>
        <translation>来源：%1</translation>
    </message>
    <message>
        <source>; </source>
        <translation>；</translation>
    </message>
    <message>
        <source>page %1</source>
        <translation>第 %1 页</translation>
    </message>
    <message>
        <source>pages %1</source>
        <translation>第 %1 页</translation>
    </message>
    <message>
        <source>slide %1</source>
        <translation>第 %1 张幻灯片</translation>
    </message>
    <message>
        <source>slides %1</source>
        <translation>第 %1 张幻灯片</translation>
    </message>
    <message>
        <source>row %1 of “%2”</source>
        <translation>工作表“%2”第 %1 行</translation>
    </message>
    <message>
        <source>rows %1 of “%2”</source>
        <translation>工作表“%2”第 %1 行</translation>
    </message>
    <message>
        <source>row %1</source>
        <translation>第 %1 行</translation>
    </message>
    <message>
        <source>rows %1</source>
        <translation>第 %1 行</translation>
    </message>
    <message>
        <source>clause %1</source>
        <translation>第 %1 条</translation>
    </message>
    <message>
        <source>clauses %1</source>
        <translation>第 %1 条</translation>
    </message>
    <message>
        <source>, </source>
        <comment>between numbers</comment>
        <translation>、</translation>
    </message>
</context>
<context>
    <name>folders</name>
    <message>
        <source>not there now</source>
        <translation>现在不在</translation>
    </message>
    <message>
        <source>Password…</source>
        <translation>密码…</translation>
    </message>
    <message>
        <source>Show</source>
        <translation>查看</translation>
    </message>
</context>
<context>
    <name>fresh_choice</name>
    <message>
        <source>Blank</source>
        <translation>空白对话</translation>
    </message>
    <message>
        <source>An empty conversation. Nothing is sent until you write.</source>
        <translation>空白对话。在您输入之前不发送任何内容。</translation>
    </message>
    <message>
        <source>Ask my last question again</source>
        <translation>重问上一个问题</translation>
    </message>
    <message>
        <source>The same question, without anything that was said above it.</source>
        <translation>同样的问题，不带上文说过的任何内容。</translation>
    </message>
    <message>
        <source>Carry over what I said</source>
        <translation>带上我提供的内容</translation>
    </message>
    <message>
        <source>Your own questions, facts and files. What the model said stays behind.</source>
        <translation>您自己的问题、事实和文件。模型说过的内容不带过去。</translation>
    </message>
    <message>
        <source>Compare with a fresh answer</source>
        <translation>和新回答对比</translation>
    </message>
    <message>
        <source>The same question, both answers side by side, and what differs marked.</source>
        <translation>同样的问题，两个回答并排显示，并标出不同之处。</translation>
    </message>
</context>
<context>
    <name>keeping</name>
    <message>
        <source>of an earlier state of Candor, can&apos;t be restored</source>
        <translation>由 Candor 的早期状态创建，无法恢复</translation>
    </message>
    <message>
        <source>before an update</source>
        <translation>更新之前</translation>
    </message>
</context>
<context>
    <name>models</name>
    <message>
        <source>Pinned</source>
        <translation>已置顶</translation>
    </message>
    <message>
        <source>Looking…</source>
        <translation>正在查找…</translation>
    </message>
    <message>
        <source>No models</source>
        <translation>没有模型</translation>
    </message>
</context>
<context>
    <name>open_link</name>
    <message>
        <source>Open this link?</source>
        <translation>要打开这个链接吗？</translation>
    </message>
    <message>
        <source>The model wrote this address. It opens in your mail program:</source>
        <translation>此地址由模型写出，将在您的邮件程序中打开：</translation>
    </message>
    <message>
        <source>The model wrote this link. It opens in your browser:</source>
        <translation>这个链接由模型写出，将在您的浏览器中打开：</translation>
    </message>
    <message>
        <source>In its own letters the site is called “%1”. Such a name can look like another.</source>
        <translation>该网站用其本来的文字称为“%1”。这样的名称可能看起来像另一个网站。</translation>
    </message>
    <message>
        <source>Open</source>
        <translation>打开</translation>
    </message>
    <message>
        <source>Copy the address</source>
        <translation>复制地址</translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation>取消</translation>
    </message>
</context>
<context>
    <name>policy</name>
    <message>
        <source>Set by %1. Questions: %2</source>
        <translation>由 %1 设定。如有疑问：%2</translation>
    </message>
    <message>
        <source>Set by %1.</source>
        <translation>由 %1 设定。</translation>
    </message>
    <message>
        <source>Set by this computer&apos;s administrator. Questions: %1</source>
        <translation>由这台电脑的管理员设定。如有疑问：%1</translation>
    </message>
    <message>
        <source>Set by this computer&apos;s administrator.</source>
        <translation>由这台电脑的管理员设定。</translation>
    </message>
    <message>
        <source>This is switched off on this computer.</source>
        <translation>此功能在这台电脑上已关闭。</translation>
    </message>
</context>
<context>
    <name>providers</name>
    <message>
        <source>DashScope</source>
        <translation>阿里云百炼（DashScope）</translation>
    </message>
    <message>
        <source>SiliconFlow</source>
        <translation>硅基流动（SiliconFlow）</translation>
    </message>
    <message>
        <source>Volcengine Ark</source>
        <translation>火山方舟（Volcengine Ark）</translation>
    </message>
</context>
<context>
    <name>saved</name>
    <message>
        <source>%1 (%2)</source>
        <translation>%1（%2）</translation>
    </message>
    <message>
        <source>Saved: %1. Putting the key into the keyring…</source>
        <translation>已保存：%1。正在把密钥放入密码管理器…</translation>
    </message>
    <message>
        <source>Saved: %1. Putting the password into the keyring…</source>
        <translation>已保存：%1。正在把密码放入密码管理器…</translation>
    </message>
    <message>
        <source>Saved: %1</source>
        <translation>已保存：%1</translation>
    </message>
    <message>
        <source>Saved, but not in a keyring: the key is kept until you close Candor.</source>
        <translation>已保存，但没能存入密码管理器：密钥会保留到您关闭 Candor。</translation>
    </message>
    <message>
        <source>Saved, but not in a keyring: the password is kept until you close Candor.</source>
        <translation>已保存，但没能存入密码管理器：密码会保留到您关闭 Candor。</translation>
    </message>
    <message>
        <source>Saved. The key is in this computer&apos;s keyring.</source>
        <translation>已保存。密钥在系统的密码管理器中。</translation>
    </message>
    <message>
        <source>Saved. The password is in this computer&apos;s keyring.</source>
        <translation>已保存。密码在系统的密码管理器中。</translation>
    </message>
</context>
<context>
    <name>search</name>
    <message>
        <source>Recipes</source>
        <translation>模板</translation>
    </message>
    <message>
        <source>Titles</source>
        <translation>标题</translation>
    </message>
    <message>
        <source>%1, %2</source>
        <translation>%1，%2</translation>
    </message>
    <message>
        <source>%1: %2</source>
        <comment>who said it, and the sentence</comment>
        <translation>%1：%2</translation>
    </message>
    <message>
        <source>Show %1 more</source>
        <translation>再显示 %1 个</translation>
    </message>
</context>
<context>
    <name>signs</name>
    <message>
        <source>Start fresh</source>
        <translation>重新开始</translation>
    </message>
    <message>
        <source>In Chinese</source>
        <translation>用中文回答</translation>
    </message>
    <message>
        <source>In English</source>
        <translation>用英文回答</translation>
    </message>
    <message>
        <source>My language</source>
        <translation>用我的语言</translation>
    </message>
    <message>
        <source>Make room</source>
        <translation>腾出空间</translation>
    </message>
</context>
<context>
    <name>tiles</name>
    <message>
        <source>Needs the text</source>
        <translation>需要原文</translation>
    </message>
    <message>
        <source>Needs the complaint</source>
        <translation>需要投诉原文</translation>
    </message>
    <message>
        <source>Reply to a mail</source>
        <translation>回复邮件</translation>
    </message>
    <message>
        <source>Needs the mail</source>
        <translation>需要来信</translation>
    </message>
    <message>
        <source>Answer a complaint</source>
        <translation>回复投诉</translation>
    </message>
    <message>
        <source>Summarise a text</source>
        <translation>总结一段文字</translation>
    </message>
    <message>
        <source>Ask about a document</source>
        <translation>就文档提问</translation>
    </message>
    <message>
        <source>Needs the file</source>
        <translation>需要文件</translation>
    </message>
    <message>
        <source>Translate</source>
        <translation>翻译</translation>
    </message>
    <message>
        <source>Check a text</source>
        <translation>检查一段文字</translation>
    </message>
    <message>
        <source>Make a table</source>
        <translation>做成表格</translation>
    </message>
    <message>
        <source>Needs a list</source>
        <translation>需要清单</translation>
    </message>
    <message>
        <source>Write minutes</source>
        <translation>写会议纪要</translation>
    </message>
    <message>
        <source>Needs your notes</source>
        <translation>需要会议记录</translation>
    </message>
    <message>
        <source>What notice do we have to give for the lease?</source>
        <translation>我们退租要提前多久通知？</translation>
    </message>
    <message>
        <source>How do two suppliers&apos; terms of payment differ?</source>
        <translation>两家供应商的付款条件有何不同？</translation>
    </message>
    <message>
        <source>Until when does each contract run?</source>
        <translation>每份合同到什么时候为止？</translation>
    </message>
    <message>
        <source>“%1”</source>
        <comment>a question, as an example</comment>
        <translation>“%1”</translation>
    </message>
    <message>
        <source>Look something up</source>
        <translation>查一件事</translation>
    </message>
    <message>
        <source>Compare two files</source>
        <translation>比较两个文件</translation>
    </message>
    <message>
        <source>A table of all files</source>
        <translation>所有文件的一张表</translation>
    </message>
</context>
<context>
    <name>unknown_file</name>
    <message>
        <source>“%1” was not opened</source>
        <translation>没有打开“%1”</translation>
    </message>
    <message>
        <source>Looking at “%1”…</source>
        <translation>正在查看“%1”…</translation>
    </message>
    <message>
        <source>The drive that it is on takes its time to answer.</source>
        <translation>文件所在的磁盘响应较慢。</translation>
    </message>
    <message>
        <source>Stop looking</source>
        <translation>停止查看</translation>
    </message>
</context>
<context>
    <name>words</name>
    <message>
        <source>, </source>
        <comment>between names</comment>
        <translation>、</translation>
    </message>
    <message>
        <source>, </source>
        <comment>between pieces of a sentence</comment>
        <translation>，</translation>
    </message>
    <message>
        <source>%1 s</source>
        <comment>seconds</comment>
        <translation>%1 秒</translation>
    </message>
    <message>
        <source>%1 min %2 s</source>
        <translation>%1 分 %2 秒</translation>
    </message>
    <message>
        <source>%1 h %2 min</source>
        <translation>%1 小时 %2 分</translation>
    </message>
    <message>
        <source>%1 GB</source>
        <translation>%1 GB</translation>
    </message>
    <message>
        <source>%1 MB</source>
        <translation>%1 MB</translation>
    </message>
    <message>
        <source>%1 KB</source>
        <translation>%1 KB</translation>
    </message>
    <message>
        <source>a few words</source>
        <translation>几个字</translation>
    </message>
    <message>
        <source>a few lines</source>
        <translation>几行</translation>
    </message>
    <message>
        <source>about half a page</source>
        <translation>约半页</translation>
    </message>
    <message>
        <source>%1. A token is a short word or a piece of a long one; a page has about %2.</source>
        <translation>%1。token 是模型读写的最小单位，约一个字或一个短词；一页约 %2 个。</translation>
    </message>
    <message>
        <source>%1 %</source>
        <translation>%1%</translation>
    </message>
    <message>
        <source>less than 1 %</source>
        <translation>不到 1%</translation>
    </message>
    <message>
        <source>more than 99 %</source>
        <translation>超过 99%</translation>
    </message>
    <message>
        <source>On this computer</source>
        <translation>在这台电脑上</translation>
    </message>
    <message>
        <source>Private network (%1)</source>
        <translation>内部网络（%1）</translation>
    </message>
    <message>
        <source>Internet (%1)</source>
        <translation>互联网（%1）</translation>
    </message>
    <message>
        <source>Private network</source>
        <translation>内部网络</translation>
    </message>
    <message>
        <source>Internet</source>
        <translation>互联网</translation>
    </message>
    <message>
        <source>What you write stays on this computer.</source>
        <translation>您写的内容不会离开这台电脑。</translation>
    </message>
    <message>
        <source>What you write goes to %1 in your private network.</source>
        <translation>您写的内容会发送到内部网络中的 %1。</translation>
    </message>
    <message>
        <source>What you write goes over the internet to %1.</source>
        <translation>您写的内容会通过互联网发送到 %1。</translation>
    </message>
    <message>
        <source>Reading your message… %1</source>
        <translation>正在阅读您的消息… %1</translation>
    </message>
    <message>
        <source>Reading your message…</source>
        <translation>正在阅读您的消息…</translation>
    </message>
    <message>
        <source>Thought</source>
        <translation>已思考</translation>
    </message>
    <message>
        <source>Thought for %1</source>
        <translation>思考了 %1</translation>
    </message>
    <message>
        <source>Thinking: %1, %2 of this reply</source>
        <translation>思考：%1，占全部内容的 %2</translation>
    </message>
    <message>
        <source>Reading %1… %2</source>
        <comment>a file, and how much of it</comment>
        <translation>正在读取 %1… %2</translation>
    </message>
    <message>
        <source>Reading %1, %2…</source>
        <comment>a file, and its pages</comment>
        <translation>正在读取 %1，%2…</translation>
    </message>
    <message>
        <source>Reading %1…</source>
        <comment>a file</comment>
        <translation>正在读取 %1…</translation>
    </message>
    <message>
        <source>Reading your files… %1</source>
        <translation>正在读取您的文件… %1</translation>
    </message>
    <message>
        <source>Reading your files, %1…</source>
        <comment>pages</comment>
        <translation>正在读取您的文件，%1…</translation>
    </message>
    <message>
        <source>Reading your files…</source>
        <translation>正在读取您的文件…</translation>
    </message>
    <message>
        <source>Reading your message, %1…</source>
        <comment>pages</comment>
        <translation>正在阅读您的消息，%1…</translation>
    </message>
    <message>
        <source>Thinking… %1</source>
        <translation>思考中… %1</translation>
    </message>
    <message>
        <source>%1 min</source>
        <translation>%1 分钟</translation>
    </message>
    <message>
        <source>think first</source>
        <comment>thinking</comment>
        <translation>先思考</translation>
    </message>
    <message>
        <source>Think first: it is asked in words to think before it answers</source>
        <translation>先思考：在提示词里要求它先想再答</translation>
    </message>
</context>
</TS>
