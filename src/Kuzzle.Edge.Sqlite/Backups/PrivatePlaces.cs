namespace Kuzzle.Edge.Sqlite.Backups;

/// <summary>Folders and files that nobody but their owner may look into, from their first moment on.</summary>
internal static class PrivatePlaces
{
    private const UnixFileMode FileMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
    private const UnixFileMode FolderMode = FileMode | UnixFileMode.UserExecute;

    /// <summary>Makes a folder where there is none.</summary>
    public static void MakeFolder(string path)
    {
        if (OperatingSystem.IsWindows()) Directory.CreateDirectory(path); // Which has no such modes.
        else Directory.CreateDirectory(path, FolderMode);
    }

    /// <summary>Makes an empty file, which must not be there yet.</summary>
    public static void MakeFile(string path)
    {
        var options = new FileStreamOptions { Mode = System.IO.FileMode.CreateNew, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows()) options.UnixCreateMode = FileMode;
        new FileStream(path, options).Dispose();
    }
}
