using Kuzzle.Edge.Configuration.Layers;

namespace Kuzzle.Edge.Backups;

/// <summary>What a backup is made of.</summary>
/// <param name="Storage">The folder of the data.</param>
/// <param name="Sources">Where the configuration was read from.</param>
internal sealed record BackupScope(string Storage, ConfigurationSources Sources)
{
    /// <summary>Configurations have some kilobytes. More than this in their folder is something else, and would be held in memory.</summary>
    public const long MaxConfigurationBytes = 16 * 1024 * 1024;

    /// <summary>The files of the configuration: all below the system's folder (certificates may lie there), and those that were named apart from it.</summary>
    /// <exception cref="BackupException">One cannot be read, or they are too large.</exception>
    public IReadOnlyList<(string Name, string Path)> ConfigurationFiles()
    {
        try
        {
            var files = new List<(string Name, string Path)>();
            var system = Sources.SystemDirectory;
            if (Directory.Exists(system))
            {
                var options = new EnumerationOptions { RecurseSubdirectories = true, IgnoreInaccessible = false, AttributesToSkip = FileAttributes.None };
                files.AddRange(Directory.EnumerateFiles(system, "*", options)
                    .Select(path => (Relative: Path.GetRelativePath(system, path), Path: path))
                    .Where(file => !file.Relative.StartsWith(RestoredConfiguration.AsidePrefix, StringComparison.Ordinal))
                    .OrderBy(file => file.Relative, StringComparer.Ordinal)
                    .Select(file => (BackupEntry.System + file.Relative, file.Path)));
            }

            files.AddRange(Sources.NamedFiles().Select(path => (BackupEntry.Named + Path.GetFileName(path), path)));
            var bytes = files.Sum(file => new FileInfo(file.Path).Length);
            return bytes <= MaxConfigurationBytes
                ? files
                : throw new BackupException(ExitCode.Configuration, $"the configuration files in {system} have {bytes} bytes together, more than a backup takes ({MaxConfigurationBytes}); move what is no configuration");
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new BackupException(ExitCode.DataUnwritable, $"the configuration cannot be read: {exception.Message}", exception);
        }
    }
}
