namespace Kuzzle.Edge.Hardware.Tests;

/// <summary>A folder that looks like /sys.</summary>
internal sealed class SysfsTree : IDisposable
{
    public string Root { get; } = Directory.CreateTempSubdirectory("sysfs-").FullName;

    public string this[string path]
    {
        set
        {
            var file = Path.Combine(Root, path);
            Directory.CreateDirectory(Path.GetDirectoryName(file)!);
            File.WriteAllText(file, value + "\n");
        }
    }

    /// <summary>A link, as sysfs has them for a device's driver.</summary>
    public void Link(string path, string target)
    {
        var link = Path.Combine(Root, path);
        Directory.CreateDirectory(Path.GetDirectoryName(link)!);
        File.CreateSymbolicLink(link, target);
    }

    public void Remove(string path) => Directory.Delete(Path.Combine(Root, path), recursive: true);

    public void Dispose() => Directory.Delete(Root, recursive: true);
}
