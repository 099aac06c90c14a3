using System.Globalization;
using Kuzzle.Edge.Api.Documents;
using Kuzzle.Edge.Configuration;
using Kuzzle.Edge.Configuration.Layers;
using Kuzzle.Edge.Sqlite.Backups;

namespace Kuzzle.Edge.Backups;

/// <summary>Puts a backup in the place of what a box holds: all of it, or nothing.</summary>
/// <param name="sources">Where the box has its configuration.</param>
/// <param name="clock">Names the folders of what was there before.</param>
internal sealed class Restore(ConfigurationSources sources, TimeProvider clock)
{
    /// <summary>Beside what the databases need: their checks and the gateway's first writes take some, too.</summary>
    private const long Reserve = 16 * 1024 * 1024;

    /// <summary>What of the configuration was read, before there is a place for it.</summary>
    private readonly List<(BackupEntry Entry, byte[] Content)> _configuration = [];

    /// <summary>Restores.</summary>
    /// <param name="file">The backup.</param>
    /// <param name="parts">What of it.</param>
    /// <param name="outbox">What becomes of the changes that had not gone up.</param>
    /// <returns>What the operator must know, a line each.</returns>
    /// <exception cref="BackupException">The backup is damaged, or not for this version, or the disk has no room.</exception>
    /// <exception cref="DocumentStoreException">A gateway is at work on the folder, it cannot be written, or a database of the backup is damaged.</exception>
    public IReadOnlyList<string> Run(string file, RestoredParts parts, OutboxTreatment outbox)
    {
        using var backup = BackupReader.Open(file);
        var now = clock.GetUtcNow();
        foreach (var entry in backup.Manifest.Entries.TakeWhile(IsConfiguration)) ReadConfiguration(backup, entry);

        var directory = StorageDirectory(parts);
        using var hold = Hold(directory);
        CheckRoom(directory, backup.Manifest);
        using var staged = StagedRestore.Begin(directory);
        foreach (var entry in backup.Manifest.Entries.SkipWhile(IsConfiguration)) ReadDatabase(backup, entry, staged, parts);
        backup.End();

        var reason = string.Create(CultureInfo.InvariantCulture, $"held: restored from the backup of {backup.Manifest.CreatedAt.UtcDateTime:yyyy-MM-dd HH:mm:ss}Z; the upstream may have something newer");
        var held = staged.Prepare(outbox, reason, now);
        FileOwner.Copy(directory, staged.PathOf("."));

        using var configuration = new RestoredConfiguration(sources);
        var isConfigured = parts.HasFlag(RestoredParts.Configuration);
        if (isConfigured) StageAll(configuration);
        var before = staged.Commit(now);
        var configurationBefore = isConfigured ? configuration.Commit(now) : null;
        FileOwner.Copy(directory, directory);
        FileOwner.FlushAll();
        return Tell(backup.Manifest, directory, before, configurationBefore, configuration.Homeless, held);
    }

    private static bool IsConfiguration(BackupEntry entry) => !entry.Name.StartsWith(BackupEntry.Data, StringComparison.Ordinal);

    private void ReadConfiguration(BackupReader backup, BackupEntry entry)
    {
        // Their sum is bounded when a backup is made; one that was tampered with must not fill the memory either.
        var room = BackupScope.MaxConfigurationBytes - _configuration.Sum(part => part.Content.LongLength);
        if (entry.Bytes > room) throw new BackupException(ExitCode.DataCorrupt, $"{entry.Name} is too large: the configuration in a backup has at most {BackupScope.MaxConfigurationBytes} bytes. Nothing was changed.");

        using var content = new MemoryStream();
        backup.Read(entry, content.Write);
        _configuration.Add((entry, content.ToArray()));
    }

    /// <summary>Where the gateway will look for its data once the configuration is the backup's.</summary>
    private string StorageDirectory(RestoredParts parts)
    {
        if (!parts.HasFlag(RestoredParts.Configuration)) return EdgeConfiguration.StorageDirectory(sources);

        var folder = Directory.CreateTempSubdirectory("kuzzle-edge-restore-");
        try
        {
            foreach (var (entry, content) in _configuration.Where(part => part.Entry.Name.StartsWith(BackupEntry.System, StringComparison.Ordinal)))
            {
                var path = Path.Combine(folder.FullName, entry.Name[BackupEntry.System.Length..]);
                Directory.CreateDirectory(Path.GetDirectoryName(path)!);
                File.WriteAllBytes(path, content);
            }

            return EdgeConfiguration.StorageDirectory(sources with { SystemDirectory = folder.FullName });
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private static StorageHold Hold(string directory)
    {
        try
        {
            return StorageHold.Take(directory);
        }
        catch (DocumentStoreException exception) when (exception.Fault == DocumentStoreFault.InUse)
        {
            throw new BackupException(ExitCode.DataInUse, $"a gateway is at work on {directory}: stop it first (systemctl stop kuzzle-edge). Nothing was changed.", exception);
        }
    }

    private static void CheckRoom(string directory, BackupManifest manifest)
    {
        var needed = manifest.Entries.Sum(entry => entry.Bytes) + Reserve;
        var free = new DriveInfo(Path.GetFullPath(directory)).AvailableFreeSpace;
        if (free >= needed) return;

        throw new BackupException(ExitCode.DiskFailure, string.Create(
            CultureInfo.InvariantCulture, $"{needed / 1_000_000} MB are needed in {directory}, and {free / 1_000_000} MB are free. What is there is kept beside what is restored. Nothing was changed."));
    }

    private static void ReadDatabase(BackupReader backup, BackupEntry entry, StagedRestore staged, RestoredParts parts)
    {
        var name = entry.Name[BackupEntry.Data.Length..];
        if (!StorageFiles.Databases.Contains(name)) throw new BackupException(ExitCode.DataCorrupt, $"the backup has a file {entry.Name} that this version does not know. Nothing was changed.");

        if (name == StorageFiles.Broker && !parts.HasFlag(RestoredParts.Sessions))
        {
            backup.Read(entry, static _ => { });
            return;
        }

        using var file = new FileStream(
            staged.PathOf(name), new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write, UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite });
        backup.Read(entry, file.Write);
    }

    private void StageAll(RestoredConfiguration configuration)
    {
        foreach (var (entry, content) in _configuration) configuration.Stage(entry, content);
    }

    private static List<string> Tell(BackupManifest manifest, string directory, string? before, string? configurationBefore, IReadOnlyList<string> homeless, long held)
    {
        var lines = new List<string>
        {
            string.Create(CultureInfo.InvariantCulture, $"restored the backup of {manifest.Node} of {manifest.CreatedAt.UtcDateTime:yyyy-MM-dd HH:mm:ss}Z (version {manifest.Version}) to {directory}"),
        };
        if (before is not null) lines.Add($"what was there before is in {before}; remove it when it is not needed any more");
        if (configurationBefore is not null) lines.Add($"the configuration that was there before is in {configurationBefore}");
        lines.AddRange(homeless.Select(file => $"{file} was not restored: it was a configuration file named by --config; name it so to have it restored"));
        if (held > 0)
        {
            lines.Add(string.Create(
                CultureInfo.InvariantCulture,
                $"{held} changes had not gone upstream when the backup was made. They are held, since the upstream may have something newer: see `kuzzle-edge sync parked`, and send them by `kuzzle-edge sync retry`"));
        }

        if (manifest.Node != Environment.MachineName) lines.Add($"the backup is of another box, {manifest.Node}: they must not both be in service with the same name towards the upstream");
        return lines;
    }
}
