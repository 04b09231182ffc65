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
    <name>ModelsPage</name>
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
    <message numerus="yes">
        <source>%Ln messages</source>
        <translation>
            <numerusform>%Ln message</numerusform>
            <numerusform>%Ln messages</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>your message (%Ln words)</source>
        <translation>
            <numerusform>your message (%Ln word)</numerusform>
            <numerusform>your message (%Ln words)</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%Ln earlier messages (%1)</source>
        <translation>
            <numerusform>%Ln earlier message (%1)</numerusform>
            <numerusform>%Ln earlier messages (%1)</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>your instructions (%Ln words)</source>
        <translation>
            <numerusform>your instructions (%Ln word)</numerusform>
            <numerusform>your instructions (%Ln words)</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%Ln words</source>
        <translation>
            <numerusform>%Ln word</numerusform>
            <numerusform>%Ln words</numerusform>
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
        <source>%Ln times with words</source>
        <translation>
            <numerusform>%Ln time with words</numerusform>
            <numerusform>%Ln times with words</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%Ln downloads</source>
        <translation>
            <numerusform>%Ln download</numerusform>
            <numerusform>%Ln downloads</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%Ln requests without words</source>
        <translation>
            <numerusform>%Ln request without words</numerusform>
            <numerusform>%Ln requests without words</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%Ln servers</source>
        <translation>
            <numerusform>%Ln server</numerusform>
            <numerusform>%Ln servers</numerusform>
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
        <source>[%1 of %Ln] quotations found in %2</source>
        <translation>
            <numerusform>[%1 of %Ln] quotation found in %2</numerusform>
            <numerusform>[%1 of %Ln] quotations found in %2</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>[%1 of %Ln] names found in %2</source>
        <translation>
            <numerusform>[%1 of %Ln] name found in %2</numerusform>
            <numerusform>[%1 of %Ln] names found in %2</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>[%1 of %Ln] figures found in %2</source>
        <translation>
            <numerusform>[%1 of %Ln] figure found in %2</numerusform>
            <numerusform>[%1 of %Ln] figures found in %2</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>[%1 of %Ln] figures and quotations found in %2</source>
        <translation>
            <numerusform>[%1 of %Ln] figures and quotations found in %2</numerusform>
            <numerusform>[%1 of %Ln] figures and quotations found in %2</numerusform>
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
        <source>[%Ln computed]</source>
        <translation>
            <numerusform>[%Ln computed]</numerusform>
            <numerusform>[%Ln computed]</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>[%Ln from your question]</source>
        <translation>
            <numerusform>[%Ln from your question]</numerusform>
            <numerusform>[%Ln from your question]</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>[%Ln figures] are not in %1: %2</source>
        <translation>
            <numerusform>[%Ln figure] is not in %1: %2</numerusform>
            <numerusform>[%Ln figures] are not in %1: %2</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>[%Ln things] are not in %1: %2</source>
        <translation>
            <numerusform>[%Ln thing] is not in %1: %2</numerusform>
            <numerusform>[%Ln things] are not in %1: %2</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>[%Ln things] may stand there for something else</source>
        <translation>
            <numerusform>[%Ln thing] may stand there for something else</numerusform>
            <numerusform>[%Ln things] may stand there for something else</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>[%Ln stand there as something else]</source>
        <translation>
            <numerusform>[%Ln stands there as something else]</numerusform>
            <numerusform>[%Ln stand there as something else]</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>[%Ln quotations differ]</source>
        <translation>
            <numerusform>[%Ln quotation differs]</numerusform>
            <numerusform>[%Ln quotations differ]</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>[%Ln wrongly computed]</source>
        <translation>
            <numerusform>[%Ln wrongly computed]</numerusform>
            <numerusform>[%Ln wrongly computed]</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>[%Ln differ in another file]</source>
        <translation>
            <numerusform>[%Ln differs in another file]</numerusform>
            <numerusform>[%Ln differ in another file]</numerusform>
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
    <name>_FileCounts</name>
    <message numerus="yes">
        <source>%Ln pages</source>
        <translation>
            <numerusform>%Ln page</numerusform>
            <numerusform>%Ln pages</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%Ln sheets</source>
        <translation>
            <numerusform>%Ln sheet</numerusform>
            <numerusform>%Ln sheets</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%Ln slides</source>
        <translation>
            <numerusform>%Ln slide</numerusform>
            <numerusform>%Ln slides</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%Ln sections</source>
        <translation>
            <numerusform>%Ln section</numerusform>
            <numerusform>%Ln sections</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%Ln mails</source>
        <translation>
            <numerusform>%Ln mail</numerusform>
            <numerusform>%Ln mails</numerusform>
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
        <source>%1 of %Ln pages</source>
        <translation>
            <numerusform>%1 of %Ln page</numerusform>
            <numerusform>%1 of %Ln pages</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%1 of %Ln sheets</source>
        <translation>
            <numerusform>%1 of %Ln sheet</numerusform>
            <numerusform>%1 of %Ln sheets</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%1 of %Ln slides</source>
        <translation>
            <numerusform>%1 of %Ln slide</numerusform>
            <numerusform>%1 of %Ln slides</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%1 of %Ln sections</source>
        <translation>
            <numerusform>%1 of %Ln section</numerusform>
            <numerusform>%1 of %Ln sections</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%1 of %Ln mails</source>
        <translation>
            <numerusform>%1 of %Ln mail</numerusform>
            <numerusform>%1 of %Ln mails</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%1 of %Ln files</source>
        <translation>
            <numerusform>%1 of %Ln file</numerusform>
            <numerusform>%1 of %Ln files</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>Use these %Ln pages</source>
        <translation>
            <numerusform>Use these %Ln page</numerusform>
            <numerusform>Use these %Ln pages</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>Use these %Ln sheets</source>
        <translation>
            <numerusform>Use these %Ln sheet</numerusform>
            <numerusform>Use these %Ln sheets</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>Use these %Ln slides</source>
        <translation>
            <numerusform>Use these %Ln slide</numerusform>
            <numerusform>Use these %Ln slides</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>Use these %Ln sections</source>
        <translation>
            <numerusform>Use these %Ln section</numerusform>
            <numerusform>Use these %Ln sections</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>Use these %Ln mails</source>
        <translation>
            <numerusform>Use these %Ln mail</numerusform>
            <numerusform>Use these %Ln mails</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>Use these %Ln files</source>
        <translation>
            <numerusform>Use these %Ln file</numerusform>
            <numerusform>Use these %Ln files</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>Send %Ln pages as pictures</source>
        <translation>
            <numerusform>Send %Ln page as a picture</numerusform>
            <numerusform>Send %Ln pages as pictures</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>Send the first %Ln pages as pictures</source>
        <translation>
            <numerusform>Send the first %Ln page as a picture</numerusform>
            <numerusform>Send the first %Ln pages as pictures</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%Ln rows</source>
        <translation>
            <numerusform>%Ln row</numerusform>
            <numerusform>%Ln rows</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>about %Ln pages of text</source>
        <translation>
            <numerusform>about %Ln page of text</numerusform>
            <numerusform>about %Ln pages of text</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%Ln lines taken out</source>
        <translation>
            <numerusform>%Ln line taken out</numerusform>
            <numerusform>%Ln lines taken out</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%Ln words taken out</source>
        <translation>
            <numerusform>%Ln word taken out</numerusform>
            <numerusform>%Ln words taken out</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%Ln paragraphs stay here.</source>
        <translation>
            <numerusform>%Ln paragraph stays here.</numerusform>
            <numerusform>%Ln paragraphs stay here.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%Ln lines stay here.</source>
        <translation>
            <numerusform>%Ln line stays here.</numerusform>
            <numerusform>%Ln lines stay here.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%Ln pages are pictures without text, such as a scan: nothing of them is sent.</source>
        <translation>
            <numerusform>%Ln page is a picture without text, such as a scan: nothing of it is sent.</numerusform>
            <numerusform>%Ln pages are pictures without text, such as a scan: nothing of them is sent.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%Ln pictures in the file are not read.</source>
        <translation>
            <numerusform>%Ln picture in the file is not read.</numerusform>
            <numerusform>%Ln pictures in the file are not read.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>The table is too long: %Ln rows at its end were left out.</source>
        <translation>
            <numerusform>The table is too long: %Ln row at its end was left out.</numerusform>
            <numerusform>The table is too long: %Ln rows at its end were left out.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>The file is too long: %Ln pages at its end were left out.</source>
        <translation>
            <numerusform>The file is too long: %Ln page at its end was left out.</numerusform>
            <numerusform>The file is too long: %Ln pages at its end were left out.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%Ln cells hold a formula without a result; they are empty here.</source>
        <translation>
            <numerusform>%Ln cell holds a formula without a result; it is empty here.</numerusform>
            <numerusform>%Ln cells hold a formula without a result; they are empty here.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%Ln files inside were not read: %1</source>
        <translation>
            <numerusform>%Ln file inside was not read: %1</numerusform>
            <numerusform>%Ln files inside were not read: %1</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%Ln objects of other programs in the file are not read, such as a drawing or a table.</source>
        <translation>
            <numerusform>%Ln object of another program in the file is not read, such as a drawing or a table.</numerusform>
            <numerusform>%Ln objects of other programs in the file are not read, such as a drawing or a table.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%Ln values that were typed into its form are included.</source>
        <translation>
            <numerusform>%Ln value that was typed into its form is included.</numerusform>
            <numerusform>%Ln values that were typed into its form are included.</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>_FoundCounts</name>
    <message numerus="yes">
        <source>%Ln places</source>
        <translation>
            <numerusform>%Ln place</numerusform>
            <numerusform>%Ln places</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%Ln conversations</source>
        <translation>
            <numerusform>%Ln conversation</numerusform>
            <numerusform>%Ln conversations</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%Ln recipes</source>
        <translation>
            <numerusform>%Ln recipe</numerusform>
            <numerusform>%Ln recipes</numerusform>
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
