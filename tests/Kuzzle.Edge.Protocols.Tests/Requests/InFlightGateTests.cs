using Kuzzle.Edge.Protocols.Requests;

namespace Kuzzle.Edge.Protocols.Tests.Requests;

public sealed class InFlightGateTests
{
    [Fact]
    public void No_more_requests_enter_than_allowed()
    {
        var gate = new InFlightGate(maxRequests: 2, maxBytes: 1000);

        gate.TryEnter(1).ShouldBeTrue();
        gate.TryEnter(1).ShouldBeTrue();
        gate.TryEnter(1).ShouldBeFalse();

        gate.Leave(1);
        gate.TryEnter(1).ShouldBeTrue();
    }

    [Fact]
    public void No_more_bytes_enter_than_allowed()
    {
        var gate = new InFlightGate(maxRequests: 10, maxBytes: 100);

        gate.TryEnter(60).ShouldBeTrue();
        gate.TryEnter(41).ShouldBeFalse();
        gate.TryEnter(40).ShouldBeTrue();
    }

    [Fact]
    public void A_request_larger_than_the_bound_enters_when_it_is_alone()
    {
        var gate = new InFlightGate(maxRequests: 10, maxBytes: 100);

        gate.TryEnter(500).ShouldBeTrue();
        gate.TryEnter(1).ShouldBeFalse();
    }

    [Fact]
    public async Task Whoever_waits_enters_when_another_leaves()
    {
        var gate = new InFlightGate(maxRequests: 1, maxBytes: 100);
        await gate.EnterAsync(1);

        var second = gate.EnterAsync(1).AsTask();
        second.IsCompleted.ShouldBeFalse();
        gate.Leave(1);

        await second.WaitAsync(TimeSpan.FromSeconds(30));
        gate.TryEnter(1).ShouldBeFalse();
    }

    [Fact]
    public async Task It_is_empty_when_the_last_one_has_left()
    {
        var gate = new InFlightGate(maxRequests: 10, maxBytes: 100);
        gate.TryEnter(1);
        gate.TryEnter(1);

        var empty = gate.WhenEmptyAsync(CancellationToken.None);
        gate.Leave(1);
        empty.IsCompleted.ShouldBeFalse();
        gate.Leave(1);

        await empty.WaitAsync(TimeSpan.FromSeconds(30));
    }
}
