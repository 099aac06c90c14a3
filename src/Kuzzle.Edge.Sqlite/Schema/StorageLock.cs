using Kuzzle.Edge.Api.Documents;

namespace Kuzzle.Edge.Sqlite.Schema;

/// <summary>Holds a storage directory for this process. The kernel lets go of it when the process ends, however it ends.</summary>
internal sealed class StorageLock : IDisposable
{
    /// <summary>What the kernel answers to an flock that another holds: EAGAIN, 11 on every Linux architecture that .NET runs on.</summary>
    private const int WouldBlock = 11;

    private readonly FileStream _file;

    private StorageLock(FileStream file) => _file = file;

    /// <summary>Creates the directory when it is missing, and takes it. Who stores different files in it takes it under different names.</summary>
    /// <exception cref="DocumentStoreException">It cannot be created or written, or another process has it.</exception>
    public static StorageLock Take(string directory, string name)
    {
        CreateDirectory(directory);
        var path = Path.Combine(directory, name);
        try
        {
            // FileShare.None is an flock on Unix.
            return new StorageLock(new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None));
        }
        catch (UnauthorizedAccessException exception)
        {
            throw new DocumentStoreException($"The storage directory {directory} cannot be written: permission denied.", exception) { Fault = DocumentStoreFault.Unwritable };
        }
        catch (IOException exception) when (exception.HResult == WouldBlock)
        {
            throw new DocumentStoreException($"The storage directory {directory} is in use by another process.", exception) { Fault = DocumentStoreFault.InUse };
        }
        catch (IOException exception)
        {
            throw new DocumentStoreException($"The storage directory {directory} cannot be written: {exception.Message}", exception) { Fault = DocumentStoreFault.Unwritable };
        }
    }

    public void Dispose() => _file.Dispose();

    private static void CreateDirectory(string directory)
    {
        try
        {
            if (OperatingSystem.IsWindows()) Directory.CreateDirectory(directory);
            else Directory.CreateDirectory(directory, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new DocumentStoreException($"The storage directory {directory} cannot be created: {exception.Message}", exception) { Fault = DocumentStoreFault.Unwritable };
        }
    }
}
