using Kuzzle.Edge.Mqtt.Client;
using Kuzzle.Edge.Mqtt.Client.Sessions;

namespace Kuzzle.Edge.Mqtt.Tests.Client;

public sealed class SingleResumptionTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private static MqttApplicationMessage Message(string topic, QualityOfService qos) => new(topic, "x"u8.ToArray()) { QualityOfService = qos };

    [Fact]
    public async Task What_is_held_goes_singly_behind_all_else_and_the_end_tells_which_message_it_met_alone()
    {
        var server = new ScriptedServer();
        await server.Session.StoreAsync(new MqttOutgoing(1, Message("a", QualityOfService.AtLeastOnce)));
        await server.Session.StoreAsync(new MqttOutgoing(2, Message("b", QualityOfService.ExactlyOnce)));
        await server.Session.StoreAsync(new MqttOutgoing(3, Message("c", QualityOfService.ExactlyOnce)));
        var client = await server.AcceptAsync(ScriptedServer.Options(MqttVersion.V311) with { ResumesSingly = true }, "20 02 01 00");

        var resuming = client.ResumeSinglyAsync(CancellationToken.None);
        (await server.ReadAsync()).ShouldBe("Pingreq");
        await server.SendAsync("D0 00");
        (await server.ReadAsync()).ShouldStartWith("Publish 61 1");
        await server.SendAsync("40 02 00 01");
        (await server.ReadAsync()).ShouldStartWith("Publish 62 2");
        await server.SendAsync("50 02 00 02");
        string[] next = [await server.ReadAsync(), await server.ReadAsync()];
        next.ShouldContain("Pubrel 2 Success ");
        next.ShouldContain(packet => packet.StartsWith("Publish 63 3"));
        await server.CloseAsync();

        var ending = await client.Ended.WaitAsync(Patience);
        (ending.Unanswered, ending.WasAlone, ending.IsClosedByServer).ShouldBe(((ushort)3, true, true));
        await resuming.ContinueWith(static _ => { }, TaskScheduler.Default).WaitAsync(Patience);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task What_the_server_goes_on_with_by_itself_is_not_sent_again(bool hasEnded)
    {
        var server = new ScriptedServer();
        await server.Session.StoreAsync(new MqttOutgoing(1, Message("a", QualityOfService.ExactlyOnce)));
        await server.Session.StoreAsync(new MqttOutgoing(2, Message("b", QualityOfService.AtLeastOnce)));
        var client = await server.AcceptAsync(ScriptedServer.Options(MqttVersion.V311) with { ResumesSingly = true, MaxInFlight = 2 }, "20 02 01 00");

        var resuming = client.ResumeSinglyAsync(CancellationToken.None);
        (await server.ReadAsync()).ShouldBe("Pingreq");
        await server.SendAsync("50 02 00 01");
        (await server.ReadAsync()).ShouldBe("Pubrel 1 Success ");
        if (hasEnded) await server.SendAsync("70 02 00 01");
        await server.SendAsync("D0 00");
        (await server.ReadAsync()).ShouldStartWith("Publish 62 2");
        await server.SendAsync("40 02 00 02");
        await resuming.WaitAsync(Patience);
        if (!hasEnded) await server.SendAsync("70 02 00 01");

        // Both have left their places.
        foreach (var topic in (string[])["c", "d"]) await client.SendAsync(Message(topic, QualityOfService.AtLeastOnce), CancellationToken.None).WaitAsync(Patience);
        (await server.ReadAsync()).ShouldStartWith("Publish 63 ");
        (await server.ReadAsync()).ShouldStartWith("Publish 64 ");
    }

    [Fact]
    public async Task A_server_that_closes_before_it_was_sent_a_message_closes_for_none()
    {
        var server = new ScriptedServer();
        await server.Session.StoreAsync(new MqttOutgoing(1, Message("a", QualityOfService.AtLeastOnce)));
        var client = await server.AcceptAsync(ScriptedServer.Options(MqttVersion.V311) with { ResumesSingly = true }, "20 02 01 00");

        var resuming = client.ResumeSinglyAsync(CancellationToken.None);
        (await server.ReadAsync()).ShouldBe("Pingreq");
        await server.CloseAsync();

        await Should.ThrowAsync<MqttConnectionException>(resuming.WaitAsync(Patience));
        var ending = await client.Ended.WaitAsync(Patience);
        (ending.Unanswered, ending.WasAlone).ShouldBe(((ushort)0, false));
    }

    [Fact]
    public async Task Of_several_that_are_unanswered_the_end_tells_the_oldest_that_was_sent()
    {
        var server = new ScriptedServer();
        var client = await server.AcceptAsync(ScriptedServer.Options() with { MaxInFlight = 3 });
        foreach (var topic in (string[])["a", "b", "c"])
        {
            await client.SendAsync(Message(topic, QualityOfService.AtLeastOnce), CancellationToken.None).WaitAsync(Patience);
            await server.ReadAsync();
        }

        await server.SendAsync("40 02 00 01");
        await server.CloseAsync();

        var ending = await client.Ended.WaitAsync(Patience);
        (ending.Unanswered, ending.WasAlone).ShouldBe(((ushort)2, false));
    }
}
