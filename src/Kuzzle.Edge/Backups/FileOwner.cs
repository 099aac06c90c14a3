using System.Runtime.InteropServices;
using System.Text;

namespace Kuzzle.Edge.Backups;

/// <summary>Gives files to whom their folder belongs: root restores, and the gateway's user must be able to read what was restored.</summary>
internal static class FileOwner
{
    private const int CurrentDirectory = -100; // AT_FDCWD
    private const uint OwnerAndGroup = 0x8 | 0x10; // STATX_UID | STATX_GID
    private const int OwnerOffset = 20; // of struct statx, which is the same on all architectures
    private const int GroupOffset = 24;
    private const int StructureBytes = 256;

    /// <summary>Gives the file, or the folder with all in it, to whom <paramref name="model"/> belongs. Without root's rights it does nothing.</summary>
    /// <exception cref="IOException">The file system does not let it.</exception>
    public static void Copy(string model, string path)
    {
        if (!Environment.IsPrivilegedProcess) return;

        var about = new byte[StructureBytes];
        if (Statx(CurrentDirectory, Terminated(model), 0, OwnerAndGroup, about) != 0) throw Failure(model);

        var owner = BitConverter.ToUInt32(about, OwnerOffset);
        var group = BitConverter.ToUInt32(about, GroupOffset);
        Give(path, owner, group);
        if (!Directory.Exists(path)) return;

        foreach (var inner in Directory.EnumerateFileSystemEntries(path, "*", SearchOption.AllDirectories)) Give(inner, owner, group);
    }

    /// <summary>Takes all that was written to the disks: renames are safe only then.</summary>
    public static void FlushAll() => Sync();

    private static void Give(string path, uint owner, uint group)
    {
        if (ChangeOwner(Terminated(path), owner, group) != 0) throw Failure(path);
    }

    private static byte[] Terminated(string path) => Encoding.UTF8.GetBytes($"{path}\0");

    private static IOException Failure(string path) => new($"{path} cannot be given to the gateway's user: {Marshal.GetPInvokeErrorMessage(Marshal.GetLastPInvokeError())}");

    // Not LibraryImport, whose generated code is unsafe: that is for the part that speaks to the hardware.
#pragma warning disable SYSLIB1054
    [DllImport("libc", EntryPoint = "statx", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int Statx(int directory, byte[] path, int flags, uint mask, [Out] byte[] about);

    [DllImport("libc", EntryPoint = "lchown", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int ChangeOwner(byte[] path, uint owner, uint group);

    [DllImport("libc", EntryPoint = "sync")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern void Sync();
#pragma warning restore SYSLIB1054
}
