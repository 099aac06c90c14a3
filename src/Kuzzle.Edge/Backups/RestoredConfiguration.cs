using System.Globalization;
using Kuzzle.Edge.Configuration.Layers;
using Kuzzle.Edge.Sqlite.Backups;

namespace Kuzzle.Edge.Backups;

/// <summary>The configuration of a backup on its way into its folder. Each file is written beside its place first, so that what cannot be written is known before anything has changed.</summary>
internal sealed class RestoredConfiguration(ConfigurationSources sources) : IDisposable
{
    /// <summary>Folders in which older configurations lie, which no backup takes.</summary>
    public const string AsidePrefix = "before-restore-";

    private const string Suffix = ".restored";

    private readonly List<string> _targets = [];
    private readonly List<string> _homeless = [];

    /// <summary>Files that were named apart from the system's folder when the backup was made, and are not named now.</summary>
    public IReadOnlyList<string> Homeless => _homeless;

    /// <summary>Writes a file beside its place.</summary>
    /// <exception cref="IOException">It cannot be written.</exception>
    /// <exception cref="UnauthorizedAccessException">It may not be written.</exception>
    public void Stage(BackupEntry entry, byte[] content)
    {
        if (TargetOf(entry) is not { } target)
        {
            _homeless.Add(entry.Name[BackupEntry.Named.Length..]);
            return;
        }

        var folder = Path.GetDirectoryName(target)!;
        CreateFolder(folder);
        File.Delete(target + Suffix);
        _targets.Add(target);
        using (var file = new FileStream(target + Suffix, new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write, UnixCreateMode = entry.Mode }))
        {
            file.Write(content);
            file.Flush(flushToDisk: true);
        }

        FileOwner.Copy(folder, target + Suffix);
    }

    /// <summary>Puts the files in their places. What was there, and what in <c>kuzzlerc.d</c> the backup does not have, goes to a folder of its own.</summary>
    /// <returns>That folder; null when there was nothing.</returns>
    public string? Commit(DateTimeOffset at)
    {
        var aside = StorageFiles.FreeName(Path.Combine(sources.SystemDirectory, string.Create(CultureInfo.InvariantCulture, $"{AsidePrefix}{at.UtcDateTime:yyyyMMdd-HHmmss}")));
        var dropIns = Path.Combine(sources.SystemDirectory, "kuzzlerc.d");
        if (Directory.Exists(dropIns))
        {
            foreach (var stray in Directory.GetFiles(dropIns, "*.json").Where(file => !_targets.Contains(file))) SetAside(stray, aside);
        }

        foreach (var target in _targets)
        {
            if (File.Exists(target)) SetAside(target, aside);
            File.Move(target + Suffix, target);
        }

        _targets.Clear();
        return Directory.Exists(aside) ? aside : null;
    }

    /// <summary>Without <see cref="Commit"/>, nothing is left of it.</summary>
    public void Dispose()
    {
        foreach (var target in _targets) File.Delete(target + Suffix);
    }

    private string? TargetOf(BackupEntry entry)
    {
        if (entry.Name.StartsWith(BackupEntry.System, StringComparison.Ordinal)) return Path.Combine(sources.SystemDirectory, entry.Name[BackupEntry.System.Length..]);

        return sources.NamedFiles().FirstOrDefault(file => Path.GetFileName(file) == entry.Name[BackupEntry.Named.Length..]);
    }

    private void SetAside(string file, string aside)
    {
        var inside = file.StartsWith(sources.SystemDirectory, StringComparison.Ordinal) ? Path.GetRelativePath(sources.SystemDirectory, file) : Path.GetFileName(file);
        var place = Path.Combine(aside, inside);
        CreateFolder(Path.GetDirectoryName(place)!);
        File.Copy(file, place); // A copy, since a file that was named may lie on another disk.
        FileOwner.Copy(sources.SystemDirectory, place);
        File.Delete(file);
    }

    private void CreateFolder(string folder)
    {
        if (Directory.Exists(folder)) return;

        Directory.CreateDirectory(folder, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute | UnixFileMode.GroupRead | UnixFileMode.GroupExecute);
        if (Directory.Exists(sources.SystemDirectory)) FileOwner.Copy(sources.SystemDirectory, folder);
    }
}
