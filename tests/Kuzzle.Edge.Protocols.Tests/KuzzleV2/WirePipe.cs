using System.IO.Pipelines;

namespace Kuzzle.Edge.Protocols.Tests.KuzzleV2;

/// <summary>One end of a connection in memory.</summary>
internal sealed class WirePipe(PipeReader input, PipeWriter output) : IDuplexPipe
{
    public PipeReader Input { get; } = input;

    public PipeWriter Output { get; } = output;

    public static (IDuplexPipe Client, IDuplexPipe Server) Pair()
    {
        var up = new Pipe();
        var down = new Pipe();
        return (new WirePipe(down.Reader, up.Writer), new WirePipe(up.Reader, down.Writer));
    }
}
