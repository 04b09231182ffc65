; The setup of Candor for a person: no administrator is asked for, everything goes to the person's own folders.
;
; Given by the recipe (setup.py): VERSION, FOUR_NUMBERS, PROGRAM (the folder to install), LISTS (what is in it), ICON,
; SIDE_PICTURE, SIZE_KB, OUTPUT, and SIGN when the uninstaller is to be signed.
;
; Switches: /S asks nothing, /D=FOLDER (last, without quotes) chooses the folder. The uninstaller: /S asks nothing and
; keeps conversations; with /DELETE_DATA it deletes them.
; Exit codes: 0 done, 1 cancelled, 2 failed, 4 Candor is running.

Unicode true
Target amd64-unicode
ManifestDPIAware true
ManifestSupportedOS Win10
RequestExecutionLevel user
SetCompressor /SOLID lzma
SetCompressorDictSize 32
CRCCheck force

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
InstallDir "$LOCALAPPDATA\Programs\Candor"
InstallDirRegKey HKCU "Software\Candor" "InstallFolder"
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
!define RECIPE_CLASS "Candor.Recipe"

!define MUI_ICON "${ICON}"
!define MUI_UNICON "${ICON}"
!define MUI_WELCOMEFINISHPAGE_BITMAP "${SIDE_PICTURE}"
!define MUI_ABORTWARNING
!define MUI_DIRECTORYPAGE_TEXT_TOP "$(ForYouAlone)"
!define MUI_FINISHPAGE_RUN "$INSTDIR\Candor.exe"

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

; Libraries that are in use can neither be replaced nor removed.
!macro WaitUntilClosed
  ${Do}
    ${IfNot} ${FileExists} "$INSTDIR\Candor.exe"
      ${ExitDo}
    ${EndIf}
    ClearErrors
    FileOpen $0 "$INSTDIR\Candor.exe" a
    ${IfNot} ${Errors}
      FileClose $0
      ${ExitDo}
    ${EndIf}
    ${If} ${Cmd} `MessageBox MB_RETRYCANCEL|MB_ICONEXCLAMATION "$(IsRunning)" /SD IDCANCEL IDCANCEL`
      SetErrorLevel 4
      Quit
    ${EndIf}
  ${Loop}
!macroend

; Tells Explorer that what opens which files has changed (SHCNE_ASSOCCHANGED).
!macro AssociationsChanged
  System::Call 'shell32::SHChangeNotify(i 0x08000000, i 0, p 0, p 0)'
!macroend

Function .onInit
  ${IfNot} ${RunningX64}
  ${OrIfNot} ${AtLeastWin10}
    MessageBox MB_OK|MB_ICONSTOP "$(TooOld)" /SD IDOK
    SetErrorLevel 2
    Quit
  ${EndIf}
FunctionEnd

; An earlier version goes first, wherever it is: a file that the new one does not have would stay for ever.
Function RemoveEarlier
  ReadRegStr $1 HKCU "Software\Candor" "InstallFolder"
  ${If} $1 != ""
  ${AndIf} ${FileExists} "$1\uninstall.exe"
    DetailPrint "$(RemovingEarlier)"
    ; _? keeps the uninstaller in its place, so that its end can be waited for.
    ExecWait '"$1\uninstall.exe" /S _?=$1' $2
    ; 3: nothing of it is there any more, as after files were deleted by hand; setting up anew mends that.
    ${If} $2 <> 0
    ${AndIf} $2 <> 3
      MessageBox MB_OK|MB_ICONSTOP "$(EarlierStays)" /SD IDOK
      SetErrorLevel $2
      Quit
    ${EndIf}
    Delete "$1\uninstall.exe"
    SetOutPath "$TEMP"
    RMDir "$1"
  ${EndIf}
FunctionEnd

Section "Candor"
  !insertmacro WaitUntilClosed
  Call RemoveEarlier
  !insertmacro InstallFiles
  SetOutPath "$INSTDIR"
  WriteUninstaller "$INSTDIR\uninstall.exe"
  CreateShortcut "$SMPROGRAMS\Candor.lnk" "$INSTDIR\Candor.exe" "" "$INSTDIR\Candor.exe" 0

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

  ; A model file can be opened with Candor; what opens it already keeps doing so.
  WriteRegStr HKCU "${CLASSES}\${MODEL_CLASS}" "" "$(ModelFile)"
  WriteRegStr HKCU "${CLASSES}\${MODEL_CLASS}\DefaultIcon" "" "$INSTDIR\Candor.exe,0"
  WriteRegStr HKCU "${CLASSES}\${MODEL_CLASS}\shell\open\command" "" '"$INSTDIR\Candor.exe" "%1"'
  WriteRegStr HKCU "${CLASSES}\.gguf\OpenWithProgids" "${MODEL_CLASS}" ""
  ReadRegStr $0 HKCR ".gguf" ""
  ${If} $0 == ""
    WriteRegStr HKCU "${CLASSES}\.gguf" "" "${MODEL_CLASS}"
  ${EndIf}
  ; Windows knows no ending of two parts, and most .toml files are not ours: Candor is only offered under "Open with".
  WriteRegStr HKCU "${CLASSES}\${RECIPE_CLASS}" "" "$(RecipeFile)"
  WriteRegStr HKCU "${CLASSES}\${RECIPE_CLASS}\DefaultIcon" "" "$INSTDIR\Candor.exe,0"
  WriteRegStr HKCU "${CLASSES}\${RECIPE_CLASS}\shell\open\command" "" '"$INSTDIR\Candor.exe" "%1"'
  WriteRegStr HKCU "${CLASSES}\.toml\OpenWithProgids" "${RECIPE_CLASS}" ""
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
  ; In a folder that is not ours there is nothing to remove.
  ${IfNot} ${FileExists} "$INSTDIR\app\candor.py"
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

Section "Uninstall"
  !insertmacro WaitUntilClosed
  SetOutPath "$TEMP"
  !insertmacro RemoveFiles
  Delete "$INSTDIR\uninstall.exe"
  RMDir "$INSTDIR"
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
  DeleteRegKey HKCU "Software\Candor"
  !insertmacro AssociationsChanged

  ${If} $DeleteData = 1
    !insertmacro RemoveData
  ${EndIf}
SectionEnd
