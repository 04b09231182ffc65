/* Candor.exe: makes this process a Python that runs Candor, and nothing else.
 *
 * It loads the Python that lies beside it (runtime\python313.dll, named by the recipe) and hands it the program's first file with
 * the arguments as they came. It is not an interpreter for others: no option, no environment variable and no file in
 * the folder where it was called leads it to foreign code. The same executable serves as the built-in engine.
 */
#define WIN32_LEAN_AND_MEAN
#include <windows.h>
#include <stdlib.h>
#include <wchar.h>

#define LONGEST 32768 /* characters of the longest path that Windows knows */

typedef int (*python_main)(int, wchar_t **);

static int refuse(const wchar_t *what)
{
    wchar_t text[512];
    _snwprintf(text, 511, L"%ls (%lu)\n\nPlease install Candor again.\n请重新安装 Candor。", what, GetLastError());
    text[511] = 0;
    MessageBoxW(NULL, text, L"Candor", MB_OK | MB_ICONERROR);
    return 3;
}

/* The folder of this executable, with a backslash at its end. */
static int own_folder(wchar_t *folder)
{
    DWORD length = GetModuleFileNameW(NULL, folder, LONGEST);
    if (length == 0 || length >= LONGEST - 64)
        return 0;
    wchar_t *last = wcsrchr(folder, L'\\');
    if (last == NULL)
        return 0;
    last[1] = 0;
    return 1;
}

static wchar_t *joined(const wchar_t *folder, const wchar_t *name)
{
    wchar_t *path = malloc((wcslen(folder) + wcslen(name) + 1) * sizeof(wchar_t));
    if (path != NULL) {
        wcscpy(path, folder);
        wcscat(path, name);
    }
    return path;
}

int wmain(int count, wchar_t **arguments)
{
    static wchar_t folder[LONGEST];

    /* Libraries come from Windows and from folders that are named, never from the folder of a file being opened. */
    SetDefaultDllDirectories(LOAD_LIBRARY_SEARCH_SYSTEM32 | LOAD_LIBRARY_SEARCH_USER_DIRS);
    if (!own_folder(folder))
        return refuse(L"The folder of Candor has no usable name.");
    wchar_t *runtime = joined(folder, L"runtime");
    wchar_t *library = joined(folder, L"runtime\\" PYTHON_DLL);
    wchar_t *first_file = joined(folder, L"app\\candor.py");
    wchar_t **passed = calloc(count + 2, sizeof(wchar_t *));
    if (runtime == NULL || library == NULL || first_file == NULL || passed == NULL)
        return refuse(L"There is no memory left.");
    AddDllDirectory(runtime);

    /* Before Python's own C library looks for them: a window program has no streams, but `Candor.exe --diagnose` that
     * is typed in a console shall answer there. Streams that were redirected stay as they are. */
    if (GetStdHandle(STD_OUTPUT_HANDLE) == NULL)
        AttachConsole(ATTACH_PARENT_PROCESS);

    HMODULE python = LoadLibraryExW(library, NULL, LOAD_LIBRARY_SEARCH_DLL_LOAD_DIR | LOAD_LIBRARY_SEARCH_SYSTEM32);
    if (python == NULL)
        return refuse(L"Python could not be loaded.");
    python_main run = (python_main)(void *)GetProcAddress(python, "Py_Main");
    if (run == NULL)
        return refuse(L"Python is damaged.");
    passed[0] = arguments[0];
    passed[1] = first_file;
    for (int each = 1; each < count; each++)
        passed[each + 1] = arguments[each];
    return run(count + 1, passed);
}
