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

    public void Remove(string path) => Directory.Delete(Path.Combine(Root, path), recursive: true);

    public void Dispose() => Directory.Delete(Root, recursive: true);
}
