<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="en" sourcelanguage="en">
<context>
    <name>BinPresenter</name>
    <message numerus="yes">
        <source>Delete %Ln conversations for good?</source>
        <translation>
            <numerusform>Delete %Ln conversation for good?</numerusform>
            <numerusform>Delete %Ln conversations for good?</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>ComingLine</name>
    <message numerus="yes">
        <source>%n more</source>
        <translation>
            <numerusform>%n more</numerusform>
            <numerusform>%n more</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>ConnectionTestResult</name>
    <message numerus="yes">
        <source>It works: %Ln models</source>
        <translation>
            <numerusform>It works: %Ln model</numerusform>
            <numerusform>It works: %Ln models</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>ConsentDialog</name>
    <message numerus="yes">
        <source>This sends the %Ln earlier messages to %1 too.</source>
        <translation>
            <numerusform>This sends the %Ln earlier message to %1 too.</numerusform>
            <numerusform>This sends the %Ln earlier messages to %1 too.</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>FilesPresenter</name>
    <message numerus="yes">
        <source>Attach the first %Ln files in the folder “%1”?</source>
        <translation>
            <numerusform>Attach the first %Ln file in the folder “%1”?</numerusform>
            <numerusform>Attach the first %Ln files in the folder “%1”?</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>Attach the %Ln files in the folder “%1”?</source>
        <translation>
            <numerusform>Attach the %Ln file in the folder “%1”?</numerusform>
            <numerusform>Attach the %Ln files in the folder “%1”?</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>ImportDialog</name>
    <message numerus="yes">
        <source>%Ln message(s)</source>
        <translation>
            <numerusform>%Ln message</numerusform>
            <numerusform>%Ln messages</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%Ln conversation(s) could not be read</source>
        <translation>
            <numerusform>%Ln conversation could not be read</numerusform>
            <numerusform>%Ln conversations could not be read</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>ImportPresenter</name>
    <message numerus="yes">
        <source>%Ln conversation(s) imported</source>
        <translation>
            <numerusform>%Ln conversation imported</numerusform>
            <numerusform>%Ln conversations imported</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>ModelFileDialog</name>
    <message numerus="yes">
        <source>%n files</source>
        <translation>
            <numerusform>%n file</numerusform>
            <numerusform>%n files</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>ModelList</name>
    <message numerus="yes">
        <source>Show %Ln more</source>
        <translation>
            <numerusform>Show %Ln more</numerusform>
            <numerusform>Show %Ln more</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>RecipeEditor</name>
    <message numerus="yes">
        <source>%Ln example(s) are kept with it.</source>
        <translation>
            <numerusform>%Ln example is kept with it.</numerusform>
            <numerusform>%Ln examples are kept with it.</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>_Counts</name>
    <message numerus="yes">
        <source>%Ln bytes</source>
        <translation>
            <numerusform>%Ln byte</numerusform>
            <numerusform>%Ln bytes</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%Ln tokens</source>
        <translation>
            <numerusform>%Ln token</numerusform>
            <numerusform>%Ln tokens</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>about %Ln pages</source>
        <translation>
            <numerusform>about %Ln page</numerusform>
            <numerusform>about %Ln pages</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>_Days</name>
    <message numerus="yes">
        <source>deleted %Ln days ago</source>
        <translation>
            <numerusform>deleted %Ln day ago</numerusform>
            <numerusform>deleted %Ln days ago</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%Ln days left</source>
        <translation>
            <numerusform>%Ln day left</numerusform>
            <numerusform>%Ln days left</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>_EvidenceCounts</name>
    <message numerus="yes">
        <source>%1 of %Ln quotations found in %2</source>
        <translation>
            <numerusform>%1 of %Ln quotation found in %2</numerusform>
            <numerusform>%1 of %Ln quotations found in %2</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%1 of %Ln names found in %2</source>
        <translation>
            <numerusform>%1 of %Ln name found in %2</numerusform>
            <numerusform>%1 of %Ln names found in %2</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%1 of %Ln figures found in %2</source>
        <translation>
            <numerusform>%1 of %Ln figure found in %2</numerusform>
            <numerusform>%1 of %Ln figures found in %2</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%1 of %Ln figures and quotations found in %2</source>
        <translation>
            <numerusform>%1 of %Ln figures and quotations found in %2</numerusform>
            <numerusform>%1 of %Ln figures and quotations found in %2</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%Ln quotations: none found in %2</source>
        <translation>
            <numerusform>%Ln quotation: not found in %2</numerusform>
            <numerusform>%Ln quotations: none found in %2</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%Ln names: none found in %2</source>
        <translation>
            <numerusform>%Ln name: not found in %2</numerusform>
            <numerusform>%Ln names: none found in %2</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%Ln figures: none found in %2</source>
        <translation>
            <numerusform>%Ln figure: not found in %2</numerusform>
            <numerusform>%Ln figures: none found in %2</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%Ln figures and quotations: none found in %2</source>
        <translation>
            <numerusform>%Ln figures and quotations: none found in %2</numerusform>
            <numerusform>%Ln figures and quotations: none found in %2</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%Ln quotations, looked up in %2</source>
        <translation>
            <numerusform>%Ln quotation, looked up in %2</numerusform>
            <numerusform>%Ln quotations, looked up in %2</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%Ln names, looked up in %2</source>
        <translation>
            <numerusform>%Ln name, looked up in %2</numerusform>
            <numerusform>%Ln names, looked up in %2</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%Ln figures, looked up in %2</source>
        <translation>
            <numerusform>%Ln figure, looked up in %2</numerusform>
            <numerusform>%Ln figures, looked up in %2</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%Ln figures and quotations, looked up in %2</source>
        <translation>
            <numerusform>%Ln figures and quotations, looked up in %2</numerusform>
            <numerusform>%Ln figures and quotations, looked up in %2</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%Ln to check</source>
        <translation>
            <numerusform>%Ln to check</numerusform>
            <numerusform>%Ln to check</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%Ln not in %1</source>
        <translation>
            <numerusform>%Ln not in %1</numerusform>
            <numerusform>%Ln not in %1</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%Ln computed</source>
        <translation>
            <numerusform>%Ln computed</numerusform>
            <numerusform>%Ln computed</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%Ln from your question</source>
        <translation>
            <numerusform>%Ln from your question</numerusform>
            <numerusform>%Ln from your question</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%Ln figures are not in %1: %2</source>
        <translation>
            <numerusform>%Ln figure is not in %1: %2</numerusform>
            <numerusform>%Ln figures are not in %1: %2</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%Ln things are not in %1: %2</source>
        <translation>
            <numerusform>%Ln thing is not in %1: %2</numerusform>
            <numerusform>%Ln things are not in %1: %2</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%Ln things may stand there for something else</source>
        <translation>
            <numerusform>%Ln thing may stand there for something else</numerusform>
            <numerusform>%Ln things may stand there for something else</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%Ln stand there as something else</source>
        <translation>
            <numerusform>%Ln stands there as something else</numerusform>
            <numerusform>%Ln stand there as something else</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%Ln quotations differ</source>
        <translation>
            <numerusform>%Ln quotation differs</numerusform>
            <numerusform>%Ln quotations differ</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%Ln wrongly computed</source>
        <translation>
            <numerusform>%Ln wrongly computed</numerusform>
            <numerusform>%Ln wrongly computed</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%Ln differ in another file</source>
        <translation>
            <numerusform>%Ln differs in another file</numerusform>
            <numerusform>%Ln differ in another file</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%Ln files</source>
        <translation>
            <numerusform>%Ln file</numerusform>
            <numerusform>%Ln files</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>It stands in %Ln more files, too.</source>
        <translation>
            <numerusform>It stands in %Ln more file, too.</numerusform>
            <numerusform>It stands in %Ln more files, too.</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>_Held</name>
    <message numerus="yes">
        <source>%Ln conversations</source>
        <translation>
            <numerusform>%Ln conversation</numerusform>
            <numerusform>%Ln conversations</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%Ln messages</source>
        <translation>
            <numerusform>%Ln message</numerusform>
            <numerusform>%Ln messages</numerusform>
        </translation>
    </message>
</context>
</TS>
