using System.Globalization;

namespace Kuzzle.Edge.Listeners;

/// <summary>How many files and sockets the system lets this process have open.</summary>
internal static class DescriptorLimit
{
    // The runtime with its assemblies, HTTP, the database and the log have some 100 files open.
    private const int Reserved = 200;

    private const string Title = "Max open files";

    /// <summary>
    /// How many of them one listener may use for connections: all but a quarter, which is at least <see cref="Reserved"/>. A process that cannot open another file does not fail in one place but anywhere:
    /// the database its journal, the runtime an assembly (measured: it ends with "Out of memory").
    /// </summary>
    public static int ForConnections(int wanted) => Read() is { } limit ? (int)Math.Min(wanted, Math.Max(1, limit - Math.Max(Reserved, limit / 4))) : wanted;

    /// <summary>The limit, or null where the system does not tell or has none.</summary>
    private static long? Read()
    {
        try
        {
            var line = File.ReadLines("/proc/self/limits").FirstOrDefault(line => line.StartsWith(Title, StringComparison.Ordinal));
            var soft = line?[Title.Length..].Split(' ', StringSplitOptions.RemoveEmptyEntries).FirstOrDefault();
            return long.TryParse(soft, NumberStyles.None, CultureInfo.InvariantCulture, out var limit) ? limit : null;
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            return null; // A system without /proc, or one that hides it: then the bound of the options alone holds.
        }
    }
}
