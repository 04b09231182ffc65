; What the setup says, in each of its languages. The buttons and pages that all setups share are translated by NSIS.

LangString ForYouAlone ${LANG_ENGLISH} "Candor is installed for you alone; no administrator is needed. Your conversations are kept in a folder of their own."
LangString ForYouAlone ${LANG_SIMPCHINESE} "Candor 仅为您安装，无需管理员权限。您的对话保存在单独的文件夹中。"

LangString ModelFile ${LANG_ENGLISH} "Language model"
LangString ModelFile ${LANG_SIMPCHINESE} "语言模型"

LangString RecipeFile ${LANG_ENGLISH} "Candor recipe"
LangString RecipeFile ${LANG_SIMPCHINESE} "Candor 模板"

LangString DocumentFile ${LANG_ENGLISH} "Document"
LangString DocumentFile ${LANG_SIMPCHINESE} "文档"

LangString RemovingEarlier ${LANG_ENGLISH} "Removing the earlier version…"
LangString RemovingEarlier ${LANG_SIMPCHINESE} "正在卸载旧版本…"

LangString WaitingForClose ${LANG_ENGLISH} "Waiting until Candor has closed…"
LangString WaitingForClose ${LANG_SIMPCHINESE} "正在等待 Candor 关闭…"

LangString IsRunning ${LANG_ENGLISH} "Candor is running. Close it, then choose Retry."
LangString IsRunning ${LANG_SIMPCHINESE} "Candor 正在运行。请关闭它，然后选择“重试”。"

LangString TooOld ${LANG_ENGLISH} "Candor needs a 64-bit Windows 10 (version 1809) or newer."
LangString TooOld ${LANG_SIMPCHINESE} "Candor 需要 64 位的 Windows 10（1809 版）或更高版本。"

LangString NotWritable ${LANG_ENGLISH} "Candor cannot be put into $INSTDIR: this folder cannot be written to. Nothing was changed. Choose another folder."
LangString NotWritable ${LANG_SIMPCHINESE} "无法将 Candor 安装到 $INSTDIR：该文件夹无法写入。未做任何更改。请选择其他文件夹。"

LangString OthersFiles ${LANG_ENGLISH} "There are other files in $INSTDIR, which Candor could overwrite. Nothing was changed. Choose an empty folder."
LangString OthersFiles ${LANG_SIMPCHINESE} "$INSTDIR 中有其他文件，安装 Candor 可能会覆盖它们。未做任何更改。请选择空文件夹。"

LangString TooLittleSpace ${LANG_ENGLISH} "There is too little space for Candor in $INSTDIR: it takes ${SIZE_MB} MB. Nothing was changed. Make room, or choose a folder on another drive."
LangString TooLittleSpace ${LANG_SIMPCHINESE} "$INSTDIR 所在磁盘的空间不足：Candor 需要 ${SIZE_MB} MB。未做任何更改。请腾出空间，或选择其他磁盘上的文件夹。"

LangString NotHere ${LANG_ENGLISH} "There is no Candor in this folder."
LangString NotHere ${LANG_SIMPCHINESE} "此文件夹中没有 Candor。"

LangString RemoveTitle ${LANG_ENGLISH} "Uninstall Candor"
LangString RemoveTitle ${LANG_SIMPCHINESE} "卸载 Candor"

LangString RemoveSubtitle ${LANG_ENGLISH} "The program will be removed from this computer."
LangString RemoveSubtitle ${LANG_SIMPCHINESE} "将从这台电脑上卸载该程序。"

LangString RemoveButton ${LANG_ENGLISH} "&Uninstall"
LangString RemoveButton ${LANG_SIMPCHINESE} "卸载(&U)"

LangString WhatStays ${LANG_ENGLISH} "Your conversations, recipes and settings stay, and are there again when you install Candor anew. They are in $LOCALAPPDATA\candor."
LangString WhatStays ${LANG_SIMPCHINESE} "您的对话、模板和设置会保留，重新安装 Candor 后仍可使用。它们位于 $LOCALAPPDATA\candor。"

LangString DeleteToo ${LANG_ENGLISH} "&Delete my conversations, recipes and settings too"
LangString DeleteToo ${LANG_SIMPCHINESE} "同时删除我的对话、模板和设置(&D)"

LangString DeleteTooMeans ${LANG_ENGLISH} "They cannot be brought back. Files that others have put into that folder stay, and so do keys in Windows' Credential Manager."
LangString DeleteTooMeans ${LANG_SIMPCHINESE} "删除后无法恢复。其他人放入该文件夹的文件会保留，Windows 凭据管理器中的密钥也会保留。"
