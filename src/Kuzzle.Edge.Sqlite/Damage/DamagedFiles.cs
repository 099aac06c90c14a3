using System.Globalization;
using Kuzzle.Edge.Api.Documents;
using Kuzzle.Edge.Sqlite.Backups;
using Kuzzle.Edge.Sqlite.Native;
using Kuzzle.Edge.Sqlite.Schema;
using Microsoft.Extensions.Logging;

namespace Kuzzle.Edge.Sqlite.Damage;

/// <summary>
/// What was damaged is set aside under a name that says so, never deleted, and the gateway begins anew: a box in the field that serves with what it has is worth more than one that
/// waits for somebody with a screwdriver.
/// </summary>
public static partial class DamagedFiles
{
    internal const string LogSuffix = "-wal";

    private const string Mark = ".corrupt-";
    private const string TimeFormat = "yyyyMMdd'T'HHmmss'Z'";

    /// <summary>A card that damages a database again and again must not be filled with the pieces.</summary>
    private const int MaxKept = 8;

    /// <summary>What was set aside in a storage directory and is still there, oldest first. Empty where there is no such directory, or no right to look.</summary>
    public static IReadOnlyList<DamagedFile> In(string directory)
    {
        try
        {
            return [.. Directory.EnumerateFileSystemEntries(directory, $"*{Mark}*").Select(Read).OfType<DamagedFile>().OrderBy(file => file.SetAsideAt).ThenBy(file => file.Path, StringComparer.Ordinal)];
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return [];
        }
    }

    /// <summary>Opens a database; when it is damaged, sets it aside and begins a fresh one.</summary>
    /// <param name="file">The database.</param>
    /// <param name="durability">How its log was written.</param>
    /// <param name="open">Opens it, and leaves nothing open when it throws.</param>
    internal static T OpenOrBegin<T>(string file, StorageDurability durability, TimeProvider clock, ILogger logger, Func<T> open)
    {
        try
        {
            EarlierVersions.Finish(file);
            Prepare(file, durability, clock, logger);
            try
            {
                return open();
            }
            catch (SqliteException damage) when (damage.Fault == DocumentStoreFault.Corrupt)
            {
                SetAside(file, damage.Message, clock, logger);
                return open();
            }
        }
        catch (UnauthorizedAccessException exception)
        {
            throw new DocumentStoreException($"{file} cannot be opened by this user{OwnerOf(file)}: {exception.Message}", exception) { Fault = DocumentStoreFault.Unwritable };
        }
        catch (IOException exception)
        {
            throw new DocumentStoreException($"{file} cannot be opened, or is damaged or too new and cannot be set aside: {exception.Message}", exception) { Fault = DocumentStoreFault.Unwritable };
        }
    }

    /// <summary>Notes that a database has shown damage while it was used: the next start looks at all of it, however large it is.</summary>
    internal static void Suspect(string file)
    {
        try
        {
            File.WriteAllBytes(SuspicionOf(file), []);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // The damage itself is told to whoever met it; without the note the next start looks no closer than at any other.
        }
    }

    /// <summary>Whether it was noted.</summary>
    internal static bool IsSuspected(string file) => File.Exists(SuspicionOf(file));

    /// <summary>It was looked at, and is sound.</summary>
    internal static void Acquit(string file) => File.Delete(SuspicionOf(file));

    private static string SuspicionOf(string file) => $"{file}-suspect";

    /// <summary>What SQLite would not take for damage: it fills an empty file anew, forgets a log that it cannot read, and says of a directory only that it cannot be opened.</summary>
    private static void Prepare(string file, StorageDurability durability, TimeProvider clock, ILogger logger)
    {
        if (Directory.Exists(file))
        {
            SetAside(file, "there is a directory in its place", clock, logger);
        }
        else if (new FileInfo(file) is { Exists: true } found)
        {
            if (found.Length == 0) SetAside(file, "it is empty", clock, logger);
            else CheckRights(file);
        }

        var log = file + LogSuffix;
        if (Directory.Exists(log))
        {
            Move(log, clock);
            LogLogSetAside(logger, log, "there is a directory in its place", log);
        }
        else if (File.Exists(log) && LogInspection.FindDamage(log, durability) is { } damage)
        {
            // A copy: what stands before the damage is sound, and SQLite takes that from the log itself.
            var kept = NameFor(log, clock);
            File.Copy(log, kept);
            LogLogSetAside(logger, log, damage, kept);
        }
    }

    private static void CheckRights(string file)
    {
        using var probe = new FileStream(file, FileMode.Open, FileAccess.ReadWrite, FileShare.ReadWrite | FileShare.Delete, bufferSize: 0);
    }

    /// <summary>Keeps a database and its log under another name. Nobody has it open.</summary>
    internal static void SetAside(string file, string reason, TimeProvider clock, ILogger logger)
    {
        var kept = Move(file, clock);

        // Its log belongs to it: together they are what a tool for damaged databases wants. The index of the log is made anew.
        if (File.Exists(file + LogSuffix)) File.Move(file + LogSuffix, kept + LogSuffix);
        File.Delete($"{file}-shm");
        Acquit(file);
        LogSetAside(logger, file, reason, kept);
    }

    private static string Move(string file, TimeProvider clock)
    {
        var kept = NameFor(file, clock);
        if (Directory.Exists(file)) Directory.Move(file, kept);
        else File.Move(file, kept);
        return kept;
    }

    private static string NameFor(string file, TimeProvider clock)
    {
        var name = Path.GetFileName(file);
        var before = In(Path.GetDirectoryName(file)!).Count(other => other.Name == name);
        if (before >= MaxKept)
        {
            throw new DocumentStoreException($"{file} is damaged, and {before} damaged ones were set aside beside it already: the disk or card is failing. Replace it, or remove the files *{Mark}*.")
            {
                Fault = DocumentStoreFault.Corrupt,
            };
        }

        return StorageFiles.FreeName($"{file}{Mark}{clock.GetUtcNow().ToString(TimeFormat, CultureInfo.InvariantCulture)}");
    }

    private static DamagedFile? Read(string path)
    {
        var name = Path.GetFileName(path);
        var mark = name.IndexOf(Mark, StringComparison.Ordinal);
        var when = name.AsSpan(mark + Mark.Length);
        if (when.EndsWith(LogSuffix, StringComparison.Ordinal)) return null; // It belongs to its database.
        if (when.IndexOf('-') is > 0 and var numbered) when = when[..numbered];
        return mark > 0 && DateTimeOffset.TryParseExact(when, TimeFormat, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var at) ? new DamagedFile(path, name[..mark], at) : null;
    }

    /// <summary>Whose it is, where that can be told; the usual cause is a copy made as root.</summary>
    private static string OwnerOf(string file) => OperatingSystem.IsWindows() || !File.Exists(file)
        ? ""
        : $" ({Environment.UserName}; its mode is {Convert.ToString((int)File.GetUnixFileMode(file), 8)}; \"chown {Environment.UserName} {file}\" as root gives it back)";

    [LoggerMessage(Level = LogLevel.Critical, Message = "{File} is damaged ({Reason}). It was set aside as {Kept}, and a fresh one is begun: what it held is missing until it is restored from a backup")]
    private static partial void LogSetAside(ILogger logger, string file, string reason, string kept);

    [LoggerMessage(Level = LogLevel.Critical, Message = "{File} is damaged ({Reason}). It was kept as {Kept}; the newest changes, which were only in it, are missing")]
    private static partial void LogLogSetAside(ILogger logger, string file, string reason, string kept);
}
