using Kuzzle.Edge.Api.Requests;
using Kuzzle.Edge.Protocols.Realtime;

namespace Kuzzle.Edge.Protocols.Tests.Realtime;

public sealed class LiveChannelsTests
{
    private readonly LiveChannels _channels = new();
    private readonly ClientConnection _one = new("mqtt", null);
    private readonly ClientConnection _two = new("websocket", null);

    [Fact]
    public void A_channel_lives_until_its_last_connection_leaves()
    {
        _channels.Join(_one, "c");
        _channels.Join(_two, "c");
        _channels.Leave(_one, "c");
        _channels.Contains("c").ShouldBeTrue();

        _channels.Leave(_two, "c");
        _channels.Contains("c").ShouldBeFalse();
    }

    [Fact]
    public void Joining_twice_counts_once()
    {
        _channels.Join(_one, "c");
        _channels.Join(_one, "c");

        _channels.Leave(_one, "c");
        _channels.Contains("c").ShouldBeFalse();
    }

    [Fact]
    public void Joining_and_leaving_from_many_threads_loses_nothing()
    {
        Parallel.For(0, 8, thread =>
        {
            var connection = new ClientConnection("mqtt", null);
            for (var i = 0; i < 20_000; i++)
            {
                _channels.Join(connection, "c");
                _channels.Contains("c").ShouldBeTrue();
                _channels.Leave(connection, "c");
            }
        });

        _channels.Contains("c").ShouldBeFalse();
    }
}
