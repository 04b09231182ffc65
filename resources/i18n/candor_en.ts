<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="en" sourcelanguage="en">
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
</context>
</TS>
