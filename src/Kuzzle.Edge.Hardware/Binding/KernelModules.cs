using Kuzzle.Edge.Hardware.Sysfs;

namespace Kuzzle.Edge.Hardware.Binding;

/// <summary>Which modules the running kernel has, loaded or not.</summary>
internal sealed class KernelModules(BoardPaths paths)
{
    private static readonly string[] Lists = ["modules.dep", "modules.builtin"];

    /// <summary>The running kernel's release; null when it cannot be read.</summary>
    public string? Release => SysfsFile.TryReadText(paths.KernelRelease);

    /// <summary>Whether the module is on the disk or built in; null when the lists cannot be read, as in a container.</summary>
    public bool? Has(string module)
    {
        if (Release is not { } release) return null;

        var lists = Lists
            .Select(list => SysfsFile.TryReadText(Path.Combine(paths.Modules, release, list)))
            .OfType<string>()
            .ToList();
        return lists.Count == 0 ? null : lists.Any(list => Names(list, module));
    }

    /// <summary>Lines such as <c>kernel/drivers/iio/pressure/bmp280-i2c.ko.xz: …</c>. To the kernel - and _ are one.</summary>
    private static bool Names(string list, string module)
    {
        var wanted = module.Replace('-', '_');
        foreach (var line in list.AsSpan().EnumerateLines())
        {
            var path = line.IndexOf(':') is var colon and >= 0 ? line[..colon] : line;
            var file = path[(path.LastIndexOf('/') + 1)..];
            var end = file.IndexOf(".ko");
            if (end >= 0 && file[..end].ToString().Replace('-', '_') == wanted) return true;
        }

        return false;
    }
}
