namespace Kuzzle.Edge.Hardware;

/// <summary>Where the kernel shows its devices. Tests and containers put them elsewhere.</summary>
public sealed record BoardPaths
{
    /// <summary>Where sysfs is mounted.</summary>
    public string Sysfs { get; init; } = "/sys";

    /// <summary>Where the device nodes are.</summary>
    public string Devices { get; init; } = "/dev";

    /// <summary>Where the kernel's modules are listed: the folder that holds one folder for each kernel release.</summary>
    public string Modules { get; init; } = "/lib/modules";

    /// <summary>The file that tells the running kernel's release.</summary>
    public string KernelRelease { get; init; } = "/proc/sys/kernel/osrelease";
}
