using System.Globalization;

namespace Kuzzle.Edge.Health;

/// <summary>
/// What this process sees of a folder's mount, which need not be what the machine sees. A service has a view of its own (ProtectSystem=, PrivateMounts=), copied when it starts, with the
/// mounts' options of then: of a disk that was mounted read-only at that moment and is made writable later, the view stays read-only for as long as the process lives.
/// </summary>
internal static class MountView
{
    /// <summary>The kernel's table of this process's mounts.</summary>
    public const string Table = "/proc/self/mountinfo";

    /// <summary>Whether a folder's file system can be written by others, and through this process's mount of it cannot.</summary>
    /// <param name="directory">An absolute path; symbolic links in it are not followed.</param>
    /// <param name="table">Lines as in <see cref="Table"/>.</param>
    public static bool IsReadOnlyHereAlone(string directory, IEnumerable<string> table)
    {
        var holder = "";
        var isHereAlone = false;
        foreach (var line in table)
        {
            // 36 35 98:0 / /var/lib/data rw,noatime master:1 - ext4 /dev/vda4 rw,errors=continue
            var halves = line.Split(" - ", 2);
            if (halves is not [var mount, var fileSystem]) continue;
            if (mount.Split(' ') is not [_, _, _, _, var point, var options, ..] || fileSystem.Split(' ') is not [_, _, var fileSystemOptions]) continue;

            // Of two mounts on the same point the later one lies above.
            var path = Unescape(point);
            if (path.Length < holder.Length || !Holds(path, directory)) continue;

            holder = path;
            isHereAlone = IsReadOnly(options) && !IsReadOnly(fileSystemOptions);
        }

        return isHereAlone;
    }

    private static bool Holds(string point, string directory) =>
        point == "/" || (directory.StartsWith(point, StringComparison.Ordinal) && (directory.Length == point.Length || directory[point.Length] == '/'));

    private static bool IsReadOnly(string options) => options.Split(',').Contains("ro", StringComparer.Ordinal);

    /// <summary>Blanks, tabs, line ends and backslashes are written as <c>\040</c> and its kind.</summary>
    private static string Unescape(string path)
    {
        foreach (var character in " \t\n\\") path = path.Replace("\\" + Convert.ToString(character, 8).PadLeft(3, '0'), character.ToString(CultureInfo.InvariantCulture), StringComparison.Ordinal);
        return path;
    }
}
