using System.CommandLine;
using System.CommandLine.Invocation;

namespace Kuzzle.Edge.CommandLine;

/// <summary><c>kuzzle-edge --version</c>.</summary>
internal sealed class VersionAction : SynchronousCommandLineAction
{
    /// <inheritdoc/>
    public override int Invoke(ParseResult parseResult)
    {
        parseResult.InvocationConfiguration.Output.WriteLine($"kuzzle-edge {ProductVersion.Text}");
        return (int)ExitCode.Success;
    }
}
