using Kuzzle.Edge.Broker.Delivery;
using Kuzzle.Edge.Broker.Sessions;

namespace Kuzzle.Edge.Broker.Tests.Sessions;

public sealed class InFlightWindowTests
{
    [Fact]
    public void Seventy_thousand_messages_pass_one_that_is_never_acknowledged()
    {
        var window = new InFlightWindow();
        var stuck = window.Add(Message(1));

        for (var i = 0; i < 70_000; i++)
        {
            var identifier = window.Add(Message(1));
            identifier.ShouldNotBe(stuck, "[MQTT5-2.2.1-4]");
            identifier.ShouldNotBe((ushort)0, "[MQTT-2.3.1-1]");
            window.Complete(identifier);
        }

        window.Count.ShouldBe(1);
        window.StateOf(stuck).ShouldBe(InFlightState.Puback);
    }

    [Fact]
    public void A_new_connection_sends_them_again_in_their_first_order()
    {
        var window = new InFlightWindow();
        ushort[] identifiers = [.. Enumerable.Range(0, 10).Select(_ => window.Add(Message(2)))];
        window.Complete(identifiers[0]);
        window.Complete(identifiers[5]);
        window.Release(identifiers[3]);

        window.Restart();
        var again = new List<(ushort, InFlightState)>();
        var search = new UnsentSearch(committed: 0, window: 100);
        while (window.TryTakeUnsent(ref search, out var unsent)) again.Add((unsent.Identifier, unsent.State));

        again.Select(entry => entry.Item1).ShouldBe([.. identifiers.Where((_, i) => i is not (0 or 5))]);
        again.ShouldContain((identifiers[3], InFlightState.Pubcomp), "[MQTT5-4.3.3-6]: a released message is never published again");
        window.Outstanding.ShouldBe(7);
    }

    [Fact]
    public void A_stray_acknowledgement_frees_nothing()
    {
        var window = new InFlightWindow();
        _ = window.Add(Message(1));

        window.Complete(4711);

        window.Outstanding.ShouldBe(1);
    }

    private static QueuedMessage Message(byte qos) => new(new Publication(), [], null, qos, Retain: false, IsReplay: false);
}
