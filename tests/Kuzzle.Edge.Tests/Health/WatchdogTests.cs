using Kuzzle.Edge.Health;
using Kuzzle.Edge.Systemd;
using Kuzzle.Edge.Tests.Systemd;
using Microsoft.Extensions.Logging.Abstractions;

namespace Kuzzle.Edge.Tests.Health;

public sealed class WatchdogTests
{
    private const string Interval = "200000"; // µs; real time here, for the kernel's socket has no manual clock

    [Fact]
    public async Task Signs_of_life_go_on_while_everything_answers()
    {
        using var socket = NotifySocket.InAbstractNamespace();
        using var manager = Manager(socket);

        await using var watchdog = WatchdogOver(manager, new HealthCheck("the store", _ => Task.CompletedTask)).Started();

        for (var sign = 0; sign < 3; sign++) (await socket.ReceiveAsync()).ShouldBe("WATCHDOG=1");
    }

    [Fact]
    public async Task A_part_that_fails_silences_them_and_is_named_until_it_answers_again()
    {
        var isWell = true;
        using var socket = NotifySocket.InAbstractNamespace();
        using var manager = Manager(socket);
        var check = new HealthCheck("the broker", _ => Volatile.Read(ref isWell) ? Task.CompletedTask : throw new InvalidOperationException("gone"));
        await using var watchdog = WatchdogOver(manager, check).Started();
        (await socket.ReceiveAsync()).ShouldBe("WATCHDOG=1");

        Volatile.Write(ref isWell, false);

        (await NextOtherThanAsync(socket, "WATCHDOG=1")).ShouldBe("STATUS=the broker does not answer: gone");
        (await socket.ReceiveAsync()).ShouldBe("STATUS=the broker does not answer: gone");

        Volatile.Write(ref isWell, true);

        (await NextOtherThanAsync(socket, "STATUS=the broker does not answer: gone")).ShouldBe("STATUS=Running");
        (await socket.ReceiveAsync()).ShouldBe("WATCHDOG=1");
    }

    [Fact]
    public async Task A_part_that_hangs_silences_them()
    {
        using var socket = NotifySocket.InAbstractNamespace();
        using var manager = Manager(socket);
        var never = new TaskCompletionSource();

        await using var watchdog = WatchdogOver(manager, new HealthCheck("the store", _ => never.Task)).Started();

        (await socket.ReceiveAsync()).ShouldStartWith("STATUS=the store does not answer: ");
    }

    [Fact]
    public async Task Parts_that_are_slow_are_asked_at_the_same_time()
    {
        using var socket = NotifySocket.InAbstractNamespace();
        using var manager = Manager(socket);
        var isReaderAsked = new TaskCompletionSource();
        var writer = new HealthCheck("the writer", _ => isReaderAsked.Task);
        var reader = new HealthCheck("the reader", _ =>
        {
            isReaderAsked.TrySetResult();
            return Task.CompletedTask;
        });

        await using var watchdog = WatchdogOver(manager, writer, reader).Started();

        (await socket.ReceiveAsync()).ShouldBe("WATCHDOG=1");
    }

    private static async Task<string> NextOtherThanAsync(NotifySocket socket, string passed)
    {
        string state;
        do
        {
            state = await socket.ReceiveAsync();
        }
        while (state == passed);

        return state;
    }

    private static ServiceManager Manager(NotifySocket socket) => ServiceManager.Of(
        new Dictionary<string, string>(StringComparer.Ordinal) { ["NOTIFY_SOCKET"] = socket.Name, ["WATCHDOG_USEC"] = Interval });

    private static Watchdog WatchdogOver(ServiceManager manager, params HealthCheck[] checks) =>
        new(checks, manager, TimeProvider.System, NullLogger<Watchdog>.Instance);
}
