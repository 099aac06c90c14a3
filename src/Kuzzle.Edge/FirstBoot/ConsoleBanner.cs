namespace Kuzzle.Edge.FirstBoot;

/// <summary>What stands above "login:" on the screens of the box, beside what the image itself says there.</summary>
/// <param name="root">What stands for <c>/</c>.</param>
/// <param name="tools">The programs of the system.</param>
internal sealed class ConsoleBanner(string root, ISystemTools tools)
{
    private const UnixFileMode ForConsole = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    private readonly string _claim = Path.Combine(root, "run/issue.d/70-claim.issue");
    private readonly string _faults = Path.Combine(root, "run/issue.d/60-first-boot.issue");

    /// <summary>What is wrong with the owner's file.</summary>
    public void ShowFaults(IEnumerable<string> lines) => Show(_faults, string.Concat(lines.Select(line => Escape(line) + "\n")) + "\n");

    /// <summary>How to become the owner.</summary>
    /// <param name="code">The claim code.</param>
    /// <param name="port">That of the gateway's HTTP.</param>
    /// <param name="trouble">What has prevented that somebody became it; null for nothing.</param>
    public void ShowClaim(string? code, int port, string? trouble)
    {
        var text =
            $$"""
            This box belongs to nobody yet. Make yourself its administrator, from any computer on this network:

              curl -H Content-Type:application/json http://\n.local:{{port}}/_createFirstAdmin/admin -d '{
                "claimCode": "{{code}}", "credentials": { "local": { "username": "admin", "password": "..." } } }'


            """;
        Show(_claim, (trouble is { Length: > 0 } ? Escape(trouble) + "\n\n" : "") + text);
    }

    /// <summary>There is an owner now.</summary>
    public void HideClaim()
    {
        if (!File.Exists(_claim)) return;

        File.Delete(_claim);
        Refresh();
    }

    private void Show(string file, string text)
    {
        if (File.Exists(file) && File.ReadAllText(file) == text) return;

        DurableFile.Write(file, text, ForConsole);
        Refresh();
    }

    /// <summary>Screens on which nobody is logged in are written anew. Where there are none, nothing is lost: the file waits.</summary>
    private void Refresh() => tools.Run("/usr/sbin/agetty", ["--reload"]);

    /// <summary>agetty reads a backslash as the beginning of what it fills in.</summary>
    private static string Escape(string line) => line.ReplaceLineEndings(" ").Replace("\\", "\\\\", StringComparison.Ordinal);
}
