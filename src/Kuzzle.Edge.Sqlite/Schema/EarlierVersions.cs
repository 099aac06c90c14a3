using System.Globalization;
using Kuzzle.Edge.Api.Documents;
using Kuzzle.Edge.Sqlite.Backups;
using Kuzzle.Edge.Sqlite.Native;
using Microsoft.Extensions.Logging;

namespace Kuzzle.Edge.Sqlite.Schema;

/// <summary>
/// The way back from an update. Before a database becomes something that no older program can work with, a copy of it is kept as <c>NAME.schema-VERSION</c>; an older program that then
/// meets the newer database sets it aside as <c>NAME.newer-TIME</c> and goes on with the copy.
/// </summary>
public static partial class EarlierVersions
{
    private const string CopyMark = ".schema-";
    private const string NewerMark = ".newer-";

    /// <summary>A copy that was decided to be what the database is: <c>NAME.return-TIME</c>. What is left to do is done by whoever next opens the database.</summary>
    private const string ReturnMark = ".return-";

    private const string TimeFormat = "yyyyMMdd'T'HHmmss'Z'";

    /// <summary>Beside what a copy needs.</summary>
    private const long Reserve = 64 * 1024 * 1024;

    /// <summary>A slow card takes a minute for so much, and systemd waits three for the start.</summary>
    private const long MaxBytes = 1024 * 1024 * 1024;

    /// <summary>Who has not gone back until then will not: the room is worth more.</summary>
    private static readonly TimeSpan KeptFor = TimeSpan.FromDays(30);

    /// <summary>The newer databases that were set aside in a storage directory and are still there, oldest first. Empty where there is no such directory, or no right to look.</summary>
    public static IReadOnlyList<NewerFile> SetAsideIn(string directory)
    {
        try
        {
            return [.. Directory.EnumerateFiles(directory, $"*{NewerMark}*").Select(Read).OfType<NewerFile>().OrderBy(file => file.SetAsideAt).ThenBy(file => file.Path, StringComparer.Ordinal)];
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return [];
        }
    }

    /// <summary>Opens a database for writing and brings it to the version of this program, forwards with a copy kept where there may be need of it, or back to a copy.</summary>
    /// <exception cref="DocumentStoreException">It is another program's, or too new for this one and there is no copy.</exception>
    internal static SqliteConnection Open(string file, DatabaseSchema schema, DatabaseSettings settings, TimeProvider clock, ILogger logger)
    {
        RemoveOld(file, clock, logger);
        try
        {
            return Bring(file, schema, settings, logger);
        }
        catch (DocumentStoreException newer) when (newer.Fault == DocumentStoreFault.TooNew)
        {
            var copies = CopiesOf(file).Where(copy => copy.Version <= schema.Version).ToList();
            if (copies.Count == 0)
            {
                throw new DocumentStoreException(
                    $"{newer.Message} There is no copy from before that update. Update the program again, or restore a backup that this version has made. Nothing was changed.", newer)
                { Fault = DocumentStoreFault.TooNew };
            }

            Return(file, copies.MaxBy(copy => copy.Version).Path, newer.Message, clock, logger);
            return Bring(file, schema, settings, logger);
        }
    }

    /// <summary>Does the rest of a way back that was cut short; mostly there is none. To be called before anybody looks whether the database is there.</summary>
    internal static void Finish(string file)
    {
        foreach (var decided in Directory.GetFiles(Path.GetDirectoryName(file)!, $"{Path.GetFileName(file)}{ReturnMark}*"))
        {
            // The log first: under a database that is another one, it would be taken for that one's.
            var aside = file + NewerMark + decided[(file.Length + ReturnMark.Length)..];
            if (File.Exists($"{file}-wal")) File.Move($"{file}-wal", $"{aside}-wal");
            File.Delete($"{file}-shm");
            if (File.Exists(file)) File.Move(file, aside);
            File.Move(decided, file);
        }
    }

    /// <summary>Whether a copy of so many bytes is made where so many are free.</summary>
    internal static bool IsWorthIt(long bytes, long free) => bytes <= MaxBytes && free >= bytes + Reserve;

    private static SqliteConnection Bring(string file, DatabaseSchema schema, DatabaseSettings settings, ILogger logger) =>
        DatabaseFile.Open(file, schema, settings, logger, (connection, version) => Keep(connection, version, logger));

    private static void Keep(SqliteConnection connection, int version, ILogger logger)
    {
        var file = connection.File;
        var kept = string.Create(CultureInfo.InvariantCulture, $"{file}{CopyMark}{version}");
        var unfinished = $"{kept}.unfinished";
        try
        {
            var bytes = connection.QueryInt64("PRAGMA page_count") * connection.QueryInt64("PRAGMA page_size");
            var free = new DriveInfo(Path.GetDirectoryName(file)!).AvailableFreeSpace;
            if (!IsWorthIt(bytes, free))
            {
                LogNotKept(logger, file, string.Create(CultureInfo.InvariantCulture, $"{bytes} bytes are too many, with {free} free"));
                return;
            }

            File.Delete(unfinished); // Of a process that was killed, or a power cut.
            PrivatePlaces.MakeFile(unfinished);
            using (var copy = SqliteConnection.OpenForWriting(unfinished))
            {
                copy.Execute("PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF"); // It is flushed as a whole.
                connection.CopyTo(copy, CancellationToken.None);
            }

            using (var handle = File.OpenHandle(unfinished, FileMode.Open, FileAccess.ReadWrite)) RandomAccess.FlushToDisk(handle);
            File.Move(unfinished, kept, overwrite: true);
            foreach (var (_, older) in CopiesOf(file).Where(copy => copy.Path != kept)) File.Delete(older);
            LogKept(logger, file, kept);
        }
        catch (Exception exception) when (exception is SqliteException or IOException or UnauthorizedAccessException)
        {
            File.Delete(unfinished);
            LogNotKept(logger, file, exception.Message);
        }
    }

    private static void Return(string file, string copy, string reason, TimeProvider clock, ILogger logger)
    {
        var aside = StorageFiles.FreeName($"{file}{NewerMark}{clock.GetUtcNow().ToString(TimeFormat, CultureInfo.InvariantCulture)}");
        LogReturning(logger, reason, aside, copy);
        File.Move(copy, file + ReturnMark + aside[(file.Length + NewerMark.Length)..]);
        Finish(file);
    }

    /// <summary>The copies that are kept of a database.</summary>
    internal static IEnumerable<(int Version, string Path)> CopiesOf(string file)
    {
        foreach (var path in Directory.GetFiles(Path.GetDirectoryName(file)!, $"{Path.GetFileName(file)}{CopyMark}*"))
        {
            if (int.TryParse(path.AsSpan(file.Length + CopyMark.Length), NumberStyles.None, CultureInfo.InvariantCulture, out var version)) yield return (version, path);
        }
    }

    private static void RemoveOld(string file, TimeProvider clock, ILogger logger)
    {
        foreach (var (_, copy) in CopiesOf(file))
        {
            if (clock.GetUtcNow() - new DateTimeOffset(File.GetLastWriteTimeUtc(copy)) <= KeptFor) continue;

            File.Delete(copy);
            LogRemoved(logger, copy, KeptFor.Days);
        }
    }

    private static NewerFile? Read(string path)
    {
        var name = Path.GetFileName(path);
        var mark = name.IndexOf(NewerMark, StringComparison.Ordinal);
        var when = name.AsSpan(mark + NewerMark.Length);
        if (when.EndsWith("-wal", StringComparison.Ordinal)) return null; // It belongs to its database.
        if (when.IndexOf('-') is > 0 and var numbered) when = when[..numbered];
        return mark > 0 && DateTimeOffset.TryParseExact(when, TimeFormat, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var at) ? new NewerFile(path, name[..mark], at) : null;
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "{File} becomes what no older program can work with; for the way back it was kept as {Kept}")]
    private static partial void LogKept(ILogger logger, string file, string kept);

    [LoggerMessage(Level = LogLevel.Warning, Message = "{File} becomes what no older program can work with, and no copy is kept for the way back: {Reason}")]
    private static partial void LogNotKept(ILogger logger, string file, string reason);

    [LoggerMessage(Level = LogLevel.Critical, Message = "{Reason} It is set aside as {Aside}, and the gateway goes on with the copy from before the update, {Copy}: what came after it is only in the file that was set aside")]
    private static partial void LogReturning(ILogger logger, string reason, string aside, string copy);

    [LoggerMessage(Level = LogLevel.Information, Message = "{Copy}, from before an update, was removed after {Days} days")]
    private static partial void LogRemoved(ILogger logger, string copy, int days);
}
