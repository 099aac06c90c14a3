using System.Reflection;
using System.Runtime.InteropServices;
using Kuzzle.Edge.Api.Documents;
using SQLitePCL;

namespace Kuzzle.Edge.Sqlite.Native;

/// <summary>The SQLite library of this process: the system's own, which the distribution maintains, or a bundled one where there is none.</summary>
public static class SqliteEngine
{
    /// <summary>3.38 is the first version whose JSON functions are always there; strict tables came one version earlier.</summary>
    internal static readonly Version Minimum = new(3, 38, 0);

    private static readonly string[] Candidates = ["libsqlite3.so.0", "e_sqlite3", "libsqlite3.so", "sqlite3"];

    // Loading is once for the process, whichever store comes first: the runtime allows one resolver for an assembly.
    private static readonly Lazy<Version> Loaded = new(Load);

    /// <summary>The version in use. Loads the library at the first call.</summary>
    /// <exception cref="DocumentStoreException">There is no SQLite library, or it is too old; the message says what to install.</exception>
    public static Version Version => Loaded.Value;

    internal static void EnsureLoaded() => _ = Loaded.Value;

    internal static nint LoadFirst(IReadOnlyList<string> names, Assembly assembly, DllImportSearchPath? searchPath)
    {
        foreach (var name in names)
        {
            if (NativeLibrary.TryLoad(name, assembly, searchPath, out var handle)) return handle;
        }

        throw new DocumentStoreException(
            $"SQLite is not installed: none of {string.Join(", ", names)} can be loaded. Install the package libsqlite3-0 (apt-get install libsqlite3-0).")
        { Fault = DocumentStoreFault.NoEngine };
    }

    internal static Version Check(string version)
    {
        var found = Version.Parse(version);
        return found >= Minimum
            ? found
            : throw new DocumentStoreException($"The system's SQLite is {found}; {Minimum} or later is needed. Upgrade the package libsqlite3-0.") { Fault = DocumentStoreFault.NoEngine };
    }

    private static Version Load()
    {
        var provider = typeof(SQLite3Provider_e_sqlite3).Assembly;
        NativeLibrary.SetDllImportResolver(
            provider, (name, assembly, path) => string.Equals(name, "e_sqlite3", StringComparison.Ordinal) ? LoadFirst(Candidates, assembly, path) : 0);
        raw.SetProvider(new SQLite3Provider_e_sqlite3());
        raw.FreezeProvider();
        return Check(raw.sqlite3_libversion().utf8_to_string());
    }
}
