using System.Globalization;
using Kuzzle.Edge.Systemd;

namespace Kuzzle.Edge.Tests.Systemd;

public sealed class ServiceManagerTests
{
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Every_state_arrives_as_one_datagram(bool isAbstract)
    {
        using var socket = isAbstract ? NotifySocket.InAbstractNamespace() : NotifySocket.InFileSystem();
        using var manager = ServiceManager.Of(Variables(("NOTIFY_SOCKET", socket.Name)));

        manager.Ready("two\nlines");
        manager.Reloading(12345);
        manager.Status("well");
        manager.KeepAlive();
        manager.Stopping();

        (await socket.ReceiveAsync()).ShouldBe("READY=1\nSTATUS=two lines");
        (await socket.ReceiveAsync()).ShouldBe("RELOADING=1\nMONOTONIC_USEC=12345");
        (await socket.ReceiveAsync()).ShouldBe("STATUS=well");
        (await socket.ReceiveAsync()).ShouldBe("WATCHDOG=1");
        (await socket.ReceiveAsync()).ShouldBe("STOPPING=1\nSTATUS=Stopping");
    }

    [Fact]
    public void Without_a_manager_nothing_is_sent_and_nothing_fails()
    {
        using var manager = ServiceManager.Of(Variables());

        manager.Ready("up");

        manager.WatchdogInterval.ShouldBeNull();
    }

    [Fact]
    public void A_manager_that_has_gone_does_not_hurt()
    {
        var socket = NotifySocket.InFileSystem();
        using var manager = ServiceManager.Of(Variables(("NOTIFY_SOCKET", socket.Name)));
        socket.Dispose();

        Should.NotThrow(manager.KeepAlive);
    }

    [Theory]
    [InlineData("30000000", null, 30_000)]
    [InlineData("30000000", "own", 30_000)]
    [InlineData("30000000", "1", null)]
    [InlineData("0", null, null)]
    [InlineData("soon", null, null)]
    [InlineData(null, null, null)]
    public void Signs_of_life_are_wanted_when_the_variables_say_so_for_this_process(string? microseconds, string? pid, int? milliseconds)
    {
        var variables = Variables(("NOTIFY_SOCKET", "@nobody"));
        if (microseconds is not null) variables["WATCHDOG_USEC"] = microseconds;
        if (pid is not null) variables["WATCHDOG_PID"] = pid == "own" ? Environment.ProcessId.ToString(CultureInfo.InvariantCulture) : pid;

        using var manager = ServiceManager.Of(variables);

        manager.WatchdogInterval.ShouldBe(milliseconds is { } wanted ? TimeSpan.FromMilliseconds(wanted) : null);
    }

    private static Dictionary<string, string> Variables(params (string Name, string Value)[] variables) =>
        variables.ToDictionary(variable => variable.Name, variable => variable.Value, StringComparer.Ordinal);
}
