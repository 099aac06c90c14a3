using Kuzzle.Edge.CommandLine;
using Kuzzle.Edge.FirstBoot;

namespace Kuzzle.Edge.Tests.FirstBoot;

/// <summary>A folder that stands for a box that has not run yet, and one for the partition that its owner can write.</summary>
internal sealed class FreshBox : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("kuzzle-edge-first-boot-").FullName;

    public FreshBox()
    {
        Directory.CreateDirectory(Firmware);
        With("etc/passwd", "root:x:0:0:root:/root:/bin/bash\n");
        With("etc/kuzzle-edge/kuzzlerc", """{ "storage": { "durability": "full" } }""");
        With("usr/share/zoneinfo/Europe/Paris", "TZif2");
    }

    public string Root => Path.Combine(_folder, "root");

    public NotedTools Tools { get; } = new();

    private string Firmware => Path.Combine(_folder, "firmware");

    public FreshBox With(string file, string text) => Put(Root, file, text);

    /// <summary>A file that the owner has put on the card.</summary>
    public FreshBox Given(string file, string text) => Put(Firmware, file, text);

    /// <summary>As where the partition has not come up.</summary>
    public FreshBox WithoutCard()
    {
        Directory.Delete(Firmware, recursive: true);
        return this;
    }

    public int Apply() => FirstBootCommand.Apply(new FirmwarePartition(Firmware), Root, Tools);

    /// <summary>A file of the system; null when there is none.</summary>
    public string? Read(string file) => ReadFrom(Root, file);

    /// <summary>What the owner reads on the card.</summary>
    public string? ReadCard(string file) => ReadFrom(Firmware, file);

    public UnixFileMode ModeOf(string file) => File.GetUnixFileMode(Path.Combine(Root, file));

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private FreshBox Put(string folder, string file, string text)
    {
        var path = Path.Combine(folder, file);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllText(path, text);
        return this;
    }

    private static string? ReadFrom(string folder, string file)
    {
        var path = Path.Combine(folder, file);
        return File.Exists(path) ? File.ReadAllText(path) : null;
    }
}
