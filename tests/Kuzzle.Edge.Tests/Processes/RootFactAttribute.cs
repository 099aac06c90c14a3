namespace Kuzzle.Edge.Tests.Processes;

/// <summary>A test that mounts a small disk in a namespace of its own, which takes root.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class RootFactAttribute : FactAttribute
{
    public RootFactAttribute()
    {
        if (!Environment.IsPrivilegedProcess) Skip = "It mounts disks, which takes root.";
        else if (!File.Exists("/usr/bin/unshare") || !File.Exists("/usr/bin/nsenter")) Skip = "It needs unshare and nsenter (package util-linux).";
    }
}
