; The setup of Candor for a person: no administrator is asked for, everything goes to the person's own folders.
;
; Given by the recipe (setup.py): VERSION, FOUR_NUMBERS, LISTS (what is installed and removed), ICON, SIDE_PICTURE,
; SIZE_KB and SIZE_MB (of what is installed), OUTPUT, COMPRESSION, and SIGN when the uninstaller is to be signed.
;
; Switches: /S asks nothing, /D=FOLDER (last, without quotes) chooses the folder. The uninstaller: /S asks nothing and
; keeps conversations; with /DELETE_DATA it deletes them.
; Exit codes: 0 done, 1 cancelled, 2 failed, 3 no Candor there, 4 it is running, 5 too little space, 6 others' files there.

Unicode true
Target amd64-unicode
ManifestDPIAware true
ManifestSupportedOS Win10
RequestExecutionLevel user
SetCompressor /SOLID ${COMPRESSION}
!if ${COMPRESSION} == lzma
  SetCompressorDictSize 32
!endif
CRCCheck force
; A file that cannot be written ends the setup. Left out, it would be missing, and a silent setup would say "done".
AllowSkipFiles off

!include MUI2.nsh
!include LogicLib.nsh
!include FileFunc.nsh
!include WinVer.nsh
!include x64.nsh
!include nsDialogs.nsh
!include "${LISTS}"

Name "Candor"
OutFile "${OUTPUT}"
BrandingText "Candor ${VERSION}"
VIProductVersion "${FOUR_NUMBERS}"
VIAddVersionKey /LANG=0 "ProductName" "Candor"
VIAddVersionKey /LANG=0 "CompanyName" "Candor"
VIAddVersionKey /LANG=0 "FileDescription" "Candor Setup"
VIAddVersionKey /LANG=0 "FileVersion" "${VERSION}"
VIAddVersionKey /LANG=0 "ProductVersion" "${VERSION}"
VIAddVersionKey /LANG=0 "LegalCopyright" "Apache License 2.0"

!define UNINSTALL_KEY "Software\Microsoft\Windows\CurrentVersion\Uninstall\Candor"
!define CLASSES "Software\Classes"
!define MODEL_CLASS "Candor.Model"
!define DOCUMENT_CLASS "Candor.Document"
!define RECIPE_CLASS "Candor.Recipe"
; The first file to come and the last to go: a folder with it is Candor's, also when setup or uninstaller was interrupted.
!define MARK "candor-setup.mark"
; The folder that the setup proposes bears Candor's name alone. What others have put there stays when Candor is removed.
!define PROPOSED "$LOCALAPPDATA\Programs\Candor"
; How a link is handed over. Two strokes end the switches: whatever it holds, none of it is taken for one.
!define LINK_ENDING `\Candor.exe" -- "%1"`

InstallDir "${PROPOSED}"
InstallDirRegKey HKCU "Software\Candor" "InstallFolder"

!define MUI_ICON "${ICON}"
!define MUI_UNICON "${ICON}"
!define MUI_WELCOMEFINISHPAGE_BITMAP "${SIDE_PICTURE}"
!define MUI_ABORTWARNING
!define MUI_DIRECTORYPAGE_TEXT_TOP "$(ForYouAlone)"
!define MUI_FINISHPAGE_RUN "$INSTDIR\Candor.exe"

!define MUI_PAGE_CUSTOMFUNCTION_LEAVE AskAgain
!insertmacro MUI_PAGE_DIRECTORY
!insertmacro MUI_PAGE_INSTFILES
!insertmacro MUI_PAGE_FINISH
UninstPage custom un.AskAboutData un.RememberAnswer
!insertmacro MUI_UNPAGE_INSTFILES

; The first is for all languages that are not here. Which one, is Windows' own choice.
!insertmacro MUI_LANGUAGE "English"
!insertmacro MUI_LANGUAGE "SimpChinese"
!include "texts.nsh"

!ifdef SIGN
  !uninstfinalize '${SIGN} "%1"'
!endif

Var DeleteData
Var DeleteDataBox
Var Earlier

; Libraries that are in use can neither be replaced nor removed. A Candor that has just been closed, and its engine,
; need a moment to end: five seconds, in halves, before anybody is asked.
!macro WaitUntilClosed FOLDER
  StrCpy $1 10
  ${Do}
    ${IfNot} ${FileExists} "${FOLDER}\Candor.exe"
      ${ExitDo}
    ${EndIf}
    ClearErrors
    FileOpen $0 "${FOLDER}\Candor.exe" a
    ${IfNot} ${Errors}
      FileClose $0
      ${ExitDo}
    ${EndIf}
    ${If} $1 = 10
      DetailPrint "$(WaitingForClose)"
    ${EndIf}
    ${If} $1 > 0
      IntOp $1 $1 - 1
      Sleep 500
    ${ElseIf} ${Cmd} `MessageBox MB_RETRYCANCEL|MB_ICONEXCLAMATION "$(IsRunning)" /SD IDCANCEL IDCANCEL`
      SetErrorLevel 4
      Quit
    ${Else}
      StrCpy $1 10
    ${EndIf}
  ${Loop}
!macroend

; Is a folder Candor's, by its mark or by what Windows knows? $R8 answers with 1 or 0. Nothing is overwritten or deleted
; in one that is not.
!macro FindWhetherOurs FOLDER
  StrCpy $R8 0
  ReadRegStr $0 HKCU "Software\Candor" "InstallFolder"
  ${If} $0 == "${FOLDER}"
  ${OrIf} ${FileExists} "${FOLDER}\${MARK}"
    StrCpy $R8 1
  ${EndIf}
!macroend

; Tells Explorer that what opens which files has changed (SHCNE_ASSOCCHANGED).
!macro AssociationsChanged
  System::Call 'shell32::SHChangeNotify(i 0x08000000, i 0, p 0, p 0)'
!macroend

Function .onInit
  ${IfNot} ${RunningX64}
  ${OrIfNot} ${AtLeastWin10}
  ${OrIfNot} ${AtLeastBuild} 17763 ; 1809, the oldest that Qt runs on
    MessageBox MB_OK|MB_ICONSTOP "$(TooOld)" /SD IDOK
    SetErrorLevel 2
    Quit
  ${EndIf}
FunctionEnd

; Is there anything in the folder? $R8 answers with 1 or 0.
Function FindWhetherUsed
  StrCpy $R8 0
  FindFirst $0 $1 "$INSTDIR\*.*"
  ${DoWhile} $1 != ""
    ${If} $1 != "."
    ${AndIf} $1 != ".."
      StrCpy $R8 1
    ${EndIf}
    FindNext $0 $1
  ${Loop}
  FindClose $0
FunctionEnd

; Is there anything where the setup puts its files? $R8 answers with 1 or 0.
Function FindWhetherInTheWay
  StrCpy $R8 1
  IfFileExists "$INSTDIR\uninstall.exe" found
  !insertmacro FindFiles
  StrCpy $R8 0
  found:
FunctionEnd

; Before anything is changed: is the folder Candor's, or free for it? $R9 answers with the exit code.
Function CheckOwner
  StrCpy $R9 0
  !insertmacro FindWhetherOurs "$INSTDIR"
  ${If} $R8 = 1
    Return
  ${EndIf}
  ${If} $INSTDIR == "${PROPOSED}"
    Call FindWhetherInTheWay
  ${Else}
    Call FindWhetherUsed
  ${EndIf}
  ${If} $R8 = 1
    StrCpy $R9 6
    MessageBox MB_OK|MB_ICONSTOP "$(OthersFiles)" /SD IDOK
  ${EndIf}
FunctionEnd

; Before anything is changed: can the folder be written to, and is there room in it? $R9 answers with the exit code.
; What is to be replaced makes room for the new.
Function CheckRoom
  StrCpy $R9 0
  ReadRegStr $Earlier HKCU "Software\Candor" "InstallFolder"
  SetOutPath "$INSTDIR"
  ClearErrors
  FileOpen $0 "$INSTDIR\candor-setup.tmp" w
  ${If} ${Errors}
    StrCpy $R9 2
    MessageBox MB_OK|MB_ICONSTOP "$(NotWritable)" /SD IDOK
  ${Else}
    FileClose $0
    Delete "$INSTDIR\candor-setup.tmp"
    System::Call 'kernel32::GetDiskFreeSpaceExW(w "$INSTDIR", *l .r1, p 0, p 0) i .r0'
    StrCpy $2 0
    ${If} $Earlier == $INSTDIR
      ReadRegDWORD $2 HKCU "${UNINSTALL_KEY}" "EstimatedSize"
    ${EndIf}
    IntPtrOp $1 $1 / 1024
    IntPtrOp $1 $1 + $2
    IntCmp $0 0 enough
    IntPtrCmpU $1 ${SIZE_KB} enough 0 enough
    StrCpy $R9 5
    MessageBox MB_OK|MB_ICONSTOP "$(TooLittleSpace)" /SD IDOK
    enough:
  ${EndIf}
  SetOutPath "$TEMP"
  RMDir "$INSTDIR"
FunctionEnd

Function CheckFolder
  Call CheckOwner
  ${If} $R9 = 0
    Call CheckRoom
  ${EndIf}
FunctionEnd

; Whoever is asked can choose another folder.
Function AskAgain
  Call CheckFolder
  ${If} $R9 <> 0
    Abort
  ${EndIf}
FunctionEnd

; An earlier version goes first, wherever it is: a file that the new one does not have would stay for ever.
Function RemoveEarlier
  ${If} $Earlier == ""
  ${OrIfNot} ${FileExists} "$Earlier"
    Return
  ${EndIf}
  DetailPrint "$(RemovingEarlier)"
  ${Do}
    !insertmacro WaitUntilClosed "$Earlier"
    StrCpy $2 -1
    ${If} ${FileExists} "$Earlier\uninstall.exe"
      ; _? keeps the uninstaller in its place, so that its end can be waited for.
      ExecWait '"$Earlier\uninstall.exe" /S _?=$Earlier' $2
    ${EndIf}
  ${LoopUntil} $2 <> 4
  ${If} $2 <> 0
    ; Its uninstaller is gone or damaged. What this setup knows by name it removes itself.
    StrCpy $3 $INSTDIR
    StrCpy $INSTDIR $Earlier
    !insertmacro RemoveFiles
    StrCpy $INSTDIR $3
  ${EndIf}
  Delete "$Earlier\uninstall.exe"
  Delete "$Earlier\${MARK}"
  SetOutPath "$TEMP"
  RMDir "$Earlier"
FunctionEnd

Section "Candor"
  Call CheckFolder
  ${If} $R9 <> 0
    SetErrorLevel $R9
    Quit
  ${EndIf}
  !insertmacro WaitUntilClosed "$INSTDIR"
  Call RemoveEarlier

  ; From here on the folder is Candor's, and Windows knows how to remove it, also should the setup be interrupted.
  SetOutPath "$INSTDIR"
  FileOpen $0 "$INSTDIR\${MARK}" w
  FileWrite $0 "${VERSION}$\r$\n"
  FileClose $0
  WriteUninstaller "$INSTDIR\uninstall.exe"
  WriteRegStr HKCU "Software\Candor" "InstallFolder" "$INSTDIR"
  WriteRegStr HKCU "${UNINSTALL_KEY}" "DisplayName" "Candor"
  WriteRegStr HKCU "${UNINSTALL_KEY}" "DisplayVersion" "${VERSION}"
  WriteRegStr HKCU "${UNINSTALL_KEY}" "Publisher" "Candor"
  WriteRegStr HKCU "${UNINSTALL_KEY}" "DisplayIcon" "$INSTDIR\Candor.exe"
  WriteRegStr HKCU "${UNINSTALL_KEY}" "InstallLocation" "$INSTDIR"
  WriteRegStr HKCU "${UNINSTALL_KEY}" "UninstallString" '"$INSTDIR\uninstall.exe"'
  WriteRegStr HKCU "${UNINSTALL_KEY}" "QuietUninstallString" '"$INSTDIR\uninstall.exe" /S'
  WriteRegDWORD HKCU "${UNINSTALL_KEY}" "EstimatedSize" ${SIZE_KB}
  WriteRegDWORD HKCU "${UNINSTALL_KEY}" "NoModify" 1
  WriteRegDWORD HKCU "${UNINSTALL_KEY}" "NoRepair" 1

  !insertmacro InstallFiles
  SetOutPath "$INSTDIR"
  CreateShortcut "$SMPROGRAMS\Candor.lnk" "$INSTDIR\Candor.exe" "" "$INSTDIR\Candor.exe" 0

  ; A model file can be opened with Candor; what opens it already keeps doing so.
  WriteRegStr HKCU "${CLASSES}\${MODEL_CLASS}" "" "$(ModelFile)"
  WriteRegStr HKCU "${CLASSES}\${MODEL_CLASS}" "FriendlyTypeName" "@$INSTDIR\Candor.exe,-101"
  WriteRegStr HKCU "${CLASSES}\${MODEL_CLASS}\DefaultIcon" "" "$INSTDIR\Candor.exe,0"
  WriteRegStr HKCU "${CLASSES}\${MODEL_CLASS}\shell\open\command" "" '"$INSTDIR\Candor.exe" "%1"'
  WriteRegStr HKCU "${CLASSES}\.gguf\OpenWithProgids" "${MODEL_CLASS}" ""
  ReadRegStr $0 HKCR ".gguf" ""
  ${If} $0 == ""
    WriteRegStr HKCU "${CLASSES}\.gguf" "" "${MODEL_CLASS}"
  ${EndIf}
  ; Windows knows no ending of two parts, and most .toml files are not ours: Candor is only offered under "Open with".
  WriteRegStr HKCU "${CLASSES}\${RECIPE_CLASS}" "" "$(RecipeFile)"
  WriteRegStr HKCU "${CLASSES}\${RECIPE_CLASS}" "FriendlyTypeName" "@$INSTDIR\Candor.exe,-102"
  WriteRegStr HKCU "${CLASSES}\${RECIPE_CLASS}\DefaultIcon" "" "$INSTDIR\Candor.exe,0"
  WriteRegStr HKCU "${CLASSES}\${RECIPE_CLASS}\shell\open\command" "" '"$INSTDIR\Candor.exe" "%1"'
  WriteRegStr HKCU "${CLASSES}\.toml\OpenWithProgids" "${RECIPE_CLASS}" ""
  ; Documents, under "Open with" alone.
  WriteRegStr HKCU "${CLASSES}\${DOCUMENT_CLASS}" "" "$(DocumentFile)"
  WriteRegStr HKCU "${CLASSES}\${DOCUMENT_CLASS}" "FriendlyTypeName" "@$INSTDIR\Candor.exe,-103"
  WriteRegStr HKCU "${CLASSES}\${DOCUMENT_CLASS}\DefaultIcon" "" "$INSTDIR\Candor.exe,0"
  WriteRegStr HKCU "${CLASSES}\${DOCUMENT_CLASS}\shell\open\command" "" '"$INSTDIR\Candor.exe" "%1"'
  !insertmacro OfferDocuments
  ; Links that begin with candor: are ours, unless somebody else's program has them already.
  ReadRegStr $0 HKCR "candor\shell\open\command" ""
  StrLen $1 `${LINK_ENDING}`
  StrCpy $1 $0 "" -$1
  ${If} $0 == ""
  ${OrIf} $1 == `${LINK_ENDING}`
    WriteRegStr HKCU "${CLASSES}\candor" "" "URL:Candor"
    WriteRegStr HKCU "${CLASSES}\candor" "URL Protocol" ""
    WriteRegStr HKCU "${CLASSES}\candor\DefaultIcon" "" "$INSTDIR\Candor.exe,0"
    WriteRegStr HKCU "${CLASSES}\candor\shell\open\command" "" `"$INSTDIR${LINK_ENDING}`
  ${EndIf}
  !insertmacro AssociationsChanged
SectionEnd

Function un.onInit
  StrCpy $DeleteData 0
  ${GetParameters} $0
  ClearErrors
  ${GetOptions} $0 "/DELETE_DATA" $1
  ${IfNot} ${Errors}
    StrCpy $DeleteData 1
  ${EndIf}
  ; In a folder that is not ours there is nothing to remove. What of Candor is left in one of ours does not matter.
  !insertmacro FindWhetherOurs "$INSTDIR"
  ${If} $R8 = 0
    MessageBox MB_OK|MB_ICONSTOP "$(NotHere)" /SD IDOK
    SetErrorLevel 3
    Quit
  ${EndIf}
FunctionEnd

Function un.AskAboutData
  !insertmacro MUI_HEADER_TEXT "$(RemoveTitle)" "$(RemoveSubtitle)"
  nsDialogs::Create 1018
  Pop $0
  ${NSD_CreateLabel} 0 0 100% 24u "$(WhatStays)"
  Pop $0
  ${NSD_CreateCheckbox} 0 32u 100% 12u "$(DeleteToo)"
  Pop $DeleteDataBox
  ${NSD_CreateLabel} 12u 48u 95% 36u "$(DeleteTooMeans)"
  Pop $0
  ; The button of this page is the last that is asked.
  GetDlgItem $0 $HWNDPARENT 1
  SendMessage $0 ${WM_SETTEXT} 0 "STR:$(RemoveButton)"
  nsDialogs::Show
FunctionEnd

Function un.RememberAnswer
  ${NSD_GetState} $DeleteDataBox $DeleteData
FunctionEnd

Function un.RemoveEntries
  Delete "$SMPROGRAMS\Candor.lnk"
  DeleteRegKey HKCU "${UNINSTALL_KEY}"
  DeleteRegKey HKCU "${CLASSES}\${MODEL_CLASS}"
  DeleteRegValue HKCU "${CLASSES}\.gguf\OpenWithProgids" "${MODEL_CLASS}"
  ReadRegStr $0 HKCU "${CLASSES}\.gguf" ""
  ${If} $0 == "${MODEL_CLASS}"
    DeleteRegValue HKCU "${CLASSES}\.gguf" ""
  ${EndIf}
  DeleteRegKey /ifempty HKCU "${CLASSES}\.gguf\OpenWithProgids"
  DeleteRegKey /ifempty HKCU "${CLASSES}\.gguf"
  DeleteRegKey HKCU "${CLASSES}\${RECIPE_CLASS}"
  DeleteRegValue HKCU "${CLASSES}\.toml\OpenWithProgids" "${RECIPE_CLASS}"
  DeleteRegKey /ifempty HKCU "${CLASSES}\.toml\OpenWithProgids"
  DeleteRegKey /ifempty HKCU "${CLASSES}\.toml"
  DeleteRegKey HKCU "${CLASSES}\${DOCUMENT_CLASS}"
  !insertmacro WithdrawDocuments
  ReadRegStr $0 HKCU "${CLASSES}\candor\shell\open\command" ""
  ${If} $0 == `"$INSTDIR${LINK_ENDING}`
    DeleteRegKey HKCU "${CLASSES}\candor"
  ${EndIf}
  DeleteRegValue HKCU "Software\Candor" "InstallFolder"
  DeleteRegKey /ifempty HKCU "Software\Candor"
  !insertmacro AssociationsChanged
FunctionEnd

Section "Uninstall"
  !insertmacro WaitUntilClosed "$INSTDIR"
  SetOutPath "$TEMP"
  !insertmacro RemoveFiles
  Delete "$INSTDIR\uninstall.exe"
  ; Run with _? the uninstaller stays where it is, and the folder Candor's: the next setup finds itself in it.
  ${IfNot} ${FileExists} "$INSTDIR\uninstall.exe"
    Delete "$INSTDIR\${MARK}"
  ${EndIf}
  RMDir "$INSTDIR"
  ; The entries may belong to a Candor that was installed elsewhere since.
  ReadRegStr $0 HKCU "Software\Candor" "InstallFolder"
  ${If} $0 == $INSTDIR
  ${OrIf} $0 == ""
    Call un.RemoveEntries
  ${EndIf}

  ${If} $DeleteData = 1
    !insertmacro RemoveData
  ${EndIf}
SectionEnd
