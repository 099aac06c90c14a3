namespace Kuzzle.Edge.Acceptance.Upstream;

/// <summary>A test that needs a network of its own: root, and the program <c>ip</c>.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class NetworkNamespaceFactAttribute : FactAttribute
{
    public NetworkNamespaceFactAttribute()
    {
        if (Environment.UserName != "root" || !(File.Exists("/usr/sbin/ip") || File.Exists("/sbin/ip"))) Skip = "Needs root and iproute2, for a network namespace.";
    }
}
