using System.Globalization;
using System.Net;
using Kuzzle.Edge.Systemd;

namespace Kuzzle.Edge.Tests.Systemd;

public sealed class InheritedSocketsTests
{
    [Theory]
    [InlineData(null, null)]
    [InlineData("1", "1")]
    [InlineData("own", "0")]
    [InlineData("own", "many")]
    [InlineData("own", "1000000")]
    public void Without_sockets_for_this_process_there_are_none(string? pid, string? count)
    {
        var variables = new Dictionary<string, string>(StringComparer.Ordinal);
        if (pid is not null) variables["LISTEN_PID"] = pid == "own" ? Environment.ProcessId.ToString(CultureInfo.InvariantCulture) : pid;
        if (count is not null) variables["LISTEN_FDS"] = count;

        using var sockets = InheritedSockets.Of(variables);

        sockets.Left.ShouldBeEmpty();
        sockets.Take(new IPEndPoint(IPAddress.Any, 1883)).ShouldBeNull();
    }
}
