using Kuzzle.Edge.Mqtt.Client;
using Kuzzle.Edge.Mqtt.Packets;

namespace Kuzzle.Edge.Mqtt.Tests.Client;

public sealed class MqttClientTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private static MqttApplicationMessage Message(QualityOfService qos, string topic = "t") => new(topic, "x"u8.ToArray()) { QualityOfService = qos };

    [Theory]
    [InlineData(MqttVersion.V31)]
    [InlineData(MqttVersion.V311)]
    [InlineData(MqttVersion.V5)]
    public async Task A_client_connects_with_all_it_was_given(MqttVersion version)
    {
        var server = new ScriptedServer();
        var options = new MqttClientOptions
        {
            ClientId = "box",
            Version = version,
            CleanStart = true,
            SessionExpirySeconds = 9,
            KeepAlive = TimeSpan.FromSeconds(30),
            UserName = "u",
            Password = "p"u8.ToArray(),
            Will = new WillMessage { Topic = "state", Payload = "0"u8.ToArray(), Retain = true, QualityOfService = QualityOfService.AtLeastOnce },
        };

        await using var client = await server.AcceptAsync(options);

        server.ConnectPacket.ShouldContain("ClientId=<box>");
        server.ConnectPacket.ShouldContain("KeepAlive=<30>");
        server.ConnectPacket.ShouldContain("Topic=<state>");
        server.ConnectPacket.ShouldContain("UserName=<u>");
        if (version == MqttVersion.V5) server.ConnectPacket.ShouldContain("SessionExpiryInterval=<9>");
    }

    [Theory]
    [InlineData(MqttVersion.V311, "20 02 00 05", ReasonCode.NotAuthorized)]
    [InlineData(MqttVersion.V5, "20 03 00 86 00", ReasonCode.BadUserNameOrPassword)]
    public async Task A_refusal_is_told_with_its_reason(MqttVersion version, string connack, ReasonCode reason)
    {
        var server = new ScriptedServer();
        var connecting = await server.BeginAsync(ScriptedServer.Options(version));

        await server.SendAsync(connack);

        var refusal = await Should.ThrowAsync<MqttConnectionException>(connecting);
        refusal.Ending.Cause.ShouldBe(MqttEndingCause.Server);
        refusal.Ending.ReasonCode.ShouldBe(reason);
    }

    [Theory]
    [InlineData("30 04 00 01 't' 00", "[MQTT5-3.2.0-1]")]
    [InlineData("F0 07 18 05 15 00 02 'XY'", "[MQTT5-4.12.0-6]")]
    public async Task What_comes_before_CONNACK_is_answered_with_a_protocol_error(string bytes, string clause)
    {
        var server = new ScriptedServer();
        var connecting = await server.BeginAsync();

        await server.SendAsync(bytes);

        (await Should.ThrowAsync<MqttConnectionException>(connecting)).Ending.Cause.ShouldBe(MqttEndingCause.ProtocolError, clause);
        (await server.ReadAsync()).ShouldContain("<ProtocolError>", customMessage: clause);
        (await server.ReadAsync()).ShouldBe("closed");
    }

    [Fact]
    public async Task A_server_that_does_not_answer_CONNECT_is_given_up()
    {
        var server = new ScriptedServer();
        var connecting = await server.BeginAsync();

        server.Clock.Advance(TimeSpan.FromSeconds(11));

        (await Should.ThrowAsync<MqttConnectionException>(connecting)).Ending.Cause.ShouldBe(MqttEndingCause.NoAnswer);
    }

    [Theory]
    [InlineData(MqttVersion.V311)]
    [InlineData(MqttVersion.V5)]
    public async Task QoS_1_completes_at_PUBACK(MqttVersion version)
    {
        var server = new ScriptedServer();
        await using var client = await server.AcceptAsync(ScriptedServer.Options(version));

        var publishing = client.PublishAsync(Message(QualityOfService.AtLeastOnce), CancellationToken.None);
        (await server.ReadAsync()).ShouldStartWith("Publish 74 1 AtLeastOnce dup=False");
        publishing.IsCompleted.ShouldBeFalse();
        await server.SendAsync("40 02 00 01");

        (await publishing.WaitAsync(Patience)).IsAccepted.ShouldBeTrue();
        (await server.Session.LoadAsync(CancellationToken.None)).Outgoing.ShouldBeEmpty();
    }

    [Fact]
    public async Task A_refusal_of_a_message_is_its_result()
    {
        var server = new ScriptedServer();
        await using var client = await server.AcceptAsync();

        var publishing = client.PublishAsync(Message(QualityOfService.AtLeastOnce), CancellationToken.None);
        await server.ReadAsync();
        await server.SendAsync("40 08 00 01 97 04 1F 00 01 'q'");

        (await publishing.WaitAsync(Patience)).ShouldBe(new MqttPublishResult(ReasonCode.QuotaExceeded, "q"));
    }

    [Fact]
    public async Task QoS_2_completes_at_PUBCOMP()
    {
        var server = new ScriptedServer();
        await using var client = await server.AcceptAsync();

        var publishing = client.PublishAsync(Message(QualityOfService.ExactlyOnce), CancellationToken.None);
        await server.ReadAsync();
        await server.SendAsync("50 02 00 01");
        (await server.ReadAsync()).ShouldBe("Pubrel 1 Success ");
        publishing.IsCompleted.ShouldBeFalse();
        await server.SendAsync("70 02 00 01");

        (await publishing.WaitAsync(Patience)).IsAccepted.ShouldBeTrue();
    }

    [Fact]
    public async Task No_more_messages_are_sent_than_the_server_takes()
    {
        var server = new ScriptedServer();
        await using var client = await server.AcceptAsync(connack: "20 06 00 00 03 21 00 01");

        var first = client.PublishAsync(Message(QualityOfService.AtLeastOnce, "a"), CancellationToken.None);
        var second = client.PublishAsync(Message(QualityOfService.AtLeastOnce, "b"), CancellationToken.None);
        (await server.ReadAsync()).ShouldStartWith("Publish 61");
        await client.PublishAsync(Message(QualityOfService.AtMostOnce, "never waits for room, but for its turn"), new CancellationTokenSource(0).Token)
            .ShouldThrowAsync<OperationCanceledException>();
        await server.SendAsync("40 02 00 01");
        (await first.WaitAsync(Patience)).IsAccepted.ShouldBeTrue();

        (await server.ReadAsync()).ShouldStartWith("Publish 62");
        await server.SendAsync("40 02 00 02");
        (await second.WaitAsync(Patience)).IsAccepted.ShouldBeTrue();
    }

    [Theory]
    [InlineData("20 08 00 00 05 27 00 00 00 09", QualityOfService.AtLeastOnce, false, ReasonCode.PacketTooLarge)]
    [InlineData("20 05 00 00 02 24 00", QualityOfService.AtLeastOnce, false, ReasonCode.QoSNotSupported)]
    [InlineData("20 05 00 00 02 25 00", QualityOfService.AtMostOnce, true, ReasonCode.RetainNotSupported)]
    public async Task What_the_server_does_not_take_is_not_sent(string connack, QualityOfService qos, bool retain, ReasonCode reason)
    {
        var server = new ScriptedServer();
        await using var client = await server.AcceptAsync(connack: connack);

        var result = await client.PublishAsync(new MqttApplicationMessage("topic", "payload"u8.ToArray()) { QualityOfService = qos, Retain = retain }, CancellationToken.None);

        result.ReasonCode.ShouldBe(reason);
        (await server.Session.LoadAsync(CancellationToken.None)).Outgoing.ShouldBeEmpty();
    }

    [Fact]
    public async Task A_topic_is_sent_once_and_then_by_its_alias()
    {
        var server = new ScriptedServer();
        await using var client = await server.AcceptAsync(ScriptedServer.Options() with { MaxOutgoingAliases = 5 }, "20 06 00 00 03 22 00 01");

        foreach (var topic in new[] { "long/topic", "long/topic", "other" }) await client.PublishAsync(Message(QualityOfService.AtMostOnce, topic), CancellationToken.None);

        (await server.ReadAsync()).ShouldContain("6C6F6E672F746F706963 0 AtMostOnce dup=False retain=False alias=1");
        (await server.ReadAsync()).ShouldContain("Publish  0 AtMostOnce dup=False retain=False alias=1");
        (await server.ReadAsync()).ShouldContain("6F74686572 0 AtMostOnce dup=False retain=False alias=0");
    }

    [Fact]
    public async Task What_was_not_acknowledged_is_sent_again_in_order_on_a_session_that_is_resumed()
    {
        var server = new ScriptedServer();
        var first = await server.AcceptAsync();
        var one = await first.SendAsync(Message(QualityOfService.AtLeastOnce, "a"), CancellationToken.None);
        _ = await first.SendAsync(Message(QualityOfService.ExactlyOnce, "b"), CancellationToken.None);
        _ = await first.SendAsync(Message(QualityOfService.ExactlyOnce, "c"), CancellationToken.None);
        for (var i = 0; i < 3; i++) await server.ReadAsync();
        await server.SendAsync("50 02 00 02");
        (await server.ReadAsync()).ShouldBe("Pubrel 2 Success ");
        await server.CloseAsync();
        (await first.Ended.WaitAsync(Patience)).Cause.ShouldBe(MqttEndingCause.ConnectionLost);
        await Should.ThrowAsync<MqttConnectionException>(one.Acknowledged);

        await using var second = await server.AcceptAsync(connack: "20 03 01 00 00");
        var fourth = await second.SendAsync(Message(QualityOfService.AtLeastOnce, "d"), CancellationToken.None);

        (await server.ReadAsync()).ShouldStartWith("Publish 61 1 AtLeastOnce dup=True");
        (await server.ReadAsync()).ShouldBe("Pubrel 2 Success ");
        (await server.ReadAsync()).ShouldStartWith("Publish 63 3 ExactlyOnce dup=True");
        (await server.ReadAsync()).ShouldStartWith("Publish 64 4 AtLeastOnce dup=False");
        await server.SendAsync("40 02 00 01 70 02 00 02 50 02 00 03");
        (await server.ReadAsync()).ShouldBe("Pubrel 3 Success ");
        await server.SendAsync("70 02 00 03 40 02 00 04");
        (await fourth.Acknowledged.WaitAsync(Patience)).IsAccepted.ShouldBeTrue();
        (await server.Session.LoadAsync(CancellationToken.None)).Outgoing.ShouldBeEmpty();
    }

    [Fact]
    public async Task What_the_server_has_not_taken_is_sent_as_new_when_it_has_lost_the_session()
    {
        var server = new ScriptedServer();
        var first = await server.AcceptAsync();
        _ = await first.SendAsync(Message(QualityOfService.ExactlyOnce, "taken"), CancellationToken.None);
        _ = await first.SendAsync(Message(QualityOfService.AtLeastOnce, "a"), CancellationToken.None);
        await server.ReadAsync();
        await server.ReadAsync();
        await server.SendAsync("50 02 00 01");
        await server.ReadAsync();
        await server.CloseAsync();
        await first.Ended.WaitAsync(Patience);

        await using var second = await server.AcceptAsync();

        (await server.ReadAsync()).ShouldStartWith("Publish 61 2 AtLeastOnce dup=False");
    }

    [Fact]
    public async Task A_message_is_acknowledged_when_its_handler_has_completed()
    {
        var server = new ScriptedServer();
        var handled = new TaskCompletionSource();
        server.Handler = (_, _) => new(handled.Task);
        await using var client = await server.AcceptAsync();

        await server.SendAsync("32 07 00 01 't' 00 07 00 'x'");
        var pinging = client.PublishAsync(Message(QualityOfService.AtLeastOnce), CancellationToken.None);
        (await server.ReadAsync()).ShouldStartWith("Publish");
        await server.SendAsync("40 02 00 01");
        (await pinging.WaitAsync(Patience)).IsAccepted.ShouldBeTrue("other exchanges go on meanwhile");
        handled.SetResult();

        (await server.ReadAsync()).ShouldBe("Puback 7 Success ");
    }

    [Fact]
    public async Task A_handler_may_take_the_next_message_before_the_last_one_may_be_acknowledged()
    {
        var done = new TaskCompletionSource();
        var second = new TaskCompletionSource();
        var server = new ScriptedServer { Acknowledging = done.Task };
        server.Handler = (incoming, _) =>
        {
            if (incoming.PacketIdentifier == 8) second.SetResult();
            return default;
        };
        await using var client = await server.AcceptAsync();

        await server.SendAsync("32 07 00 01 't' 00 07 00 'x' 32 07 00 01 't' 00 08 00 'y'");
        await second.Task.WaitAsync(Patience);
        done.SetResult();

        (await server.ReadAsync()).ShouldBe("Puback 7 Success ");
        (await server.ReadAsync()).ShouldBe("Puback 8 Success ");
    }

    [Fact]
    public async Task A_QoS_2_message_is_handled_once_however_often_it_comes()
    {
        var server = new ScriptedServer();
        var first = await server.AcceptAsync();
        await server.SendAsync("34 07 00 01 't' 00 07 00 'x'");
        (await server.ReadAsync()).ShouldBe("Pubrec 7 Success ");
        await server.CloseAsync();
        await first.Ended.WaitAsync(Patience);

        await using var second = await server.AcceptAsync(connack: "20 03 01 00 00");
        await server.SendAsync("3C 07 00 01 't' 00 07 00 'x'");
        (await server.ReadAsync()).ShouldBe("Pubrec 7 Success ");
        await server.SendAsync("62 02 00 07");
        (await server.ReadAsync()).ShouldBe("Pubcomp 7 Success ");
        await server.SendAsync("62 02 00 07");
        (await server.ReadAsync()).ShouldBe("Pubcomp 7 PacketIdentifierNotFound ");

        server.Handled.Count.ShouldBe(1);
        await server.SendAsync("34 07 00 01 't' 00 07 00 'y'");
        (await server.ReadAsync()).ShouldBe("Pubrec 7 Success ");
        server.Handled.Count.ShouldBe(2, "the identifier was free again");
    }

    [Fact]
    public async Task A_message_goes_under_the_identifier_that_its_sender_has_chosen_behind_its_release()
    {
        var server = new ScriptedServer();
        await using var client = await server.AcceptAsync();

        var publication = await client.SendAsync(Message(QualityOfService.ExactlyOnce), new MqttExchange(77, Duplicate: true, ReleaseFirst: true), CancellationToken.None);

        (await server.ReadAsync()).ShouldBe("Pubrel 77 Success ");
        (await server.ReadAsync()).ShouldStartWith("Publish 74 77 ExactlyOnce dup=True");
        await server.SendAsync("70 03 00 4D 92 50 02 00 4D");
        (await server.ReadAsync()).ShouldBe("Pubrel 77 Success ");
        publication.Acknowledged.IsCompleted.ShouldBeFalse("the first PUBCOMP was that of the release");
        await server.SendAsync("70 02 00 4D");
        (await publication.Acknowledged.WaitAsync(Patience)).IsAccepted.ShouldBeTrue();
    }

    [Fact]
    public async Task Who_sends_with_a_client_that_another_has_disposed_hears_that_the_connection_has_ended()
    {
        var server = new ScriptedServer();
        var client = await server.AcceptAsync();
        await client.DisposeAsync();

        await Should.ThrowAsync<MqttConnectionException>(() => client.SendAsync(Message(QualityOfService.ExactlyOnce), CancellationToken.None));
        await Should.ThrowAsync<MqttConnectionException>(() => client.ReleaseAsync(9, CancellationToken.None));
    }

    [Fact]
    public async Task An_identifier_is_used_by_one_exchange_at_a_time()
    {
        var server = new ScriptedServer();
        await using var client = await server.AcceptAsync();
        var exchange = new MqttExchange(7, Duplicate: false, ReleaseFirst: false);
        _ = await client.SendAsync(Message(QualityOfService.AtLeastOnce), exchange, CancellationToken.None);

        await Should.ThrowAsync<InvalidOperationException>(() => client.SendAsync(Message(QualityOfService.AtLeastOnce), exchange, CancellationToken.None));
        await Should.ThrowAsync<InvalidOperationException>(() => client.ReleaseAsync(7, CancellationToken.None));
    }

    [Fact]
    public async Task What_an_earlier_program_has_sent_can_be_released()
    {
        var server = new ScriptedServer();
        await using var client = await server.AcceptAsync();

        var releasing = client.ReleaseAsync(9, CancellationToken.None);
        (await server.ReadAsync()).ShouldBe("Pubrel 9 Success ");
        releasing.IsCompleted.ShouldBeFalse();
        await server.SendAsync("70 03 00 09 92");

        await releasing.WaitAsync(Patience);
    }

    [Fact]
    public async Task A_bridge_marks_itself_in_versions_that_know_no_better_way()
    {
        var server = new ScriptedServer();
        await using var client = await server.AcceptAsync(ScriptedServer.Options(MqttVersion.V311) with { IsBridge = true });

        server.ConnectPacket.ShouldContain("IsBridge=<True>");
    }

    [Fact]
    public async Task A_handler_that_fails_ends_the_connection_and_acknowledges_nothing()
    {
        var server = new ScriptedServer { Handler = (_, _) => throw new InvalidOperationException("no room") };
        var client = await server.AcceptAsync();

        await server.SendAsync("32 07 00 01 't' 00 07 00 'x'");

        (await server.ReadAsync()).ShouldContain("<UnspecifiedError>");
        var ending = await client.Ended.WaitAsync(Patience);
        ending.Cause.ShouldBe(MqttEndingCause.LocalFault);
        ending.Detail.ShouldContain("no room");
    }

    [Fact]
    public async Task A_server_that_exceeds_the_receive_maximum_is_told()
    {
        var server = new ScriptedServer { Handler = (_, token) => new(Task.Delay(Timeout.Infinite, token)) };
        var client = await server.AcceptAsync(ScriptedServer.Options() with { ReceiveMaximum = 2 });

        await server.SendAsync("32 06 00 01 't' 00 01 00 32 06 00 01 't' 00 02 00 32 06 00 01 't' 00 03 00");

        (await server.ReadAsync()).ShouldContain("<ReceiveMaximumExceeded>");
        (await client.Ended.WaitAsync(Patience)).ReasonCode.ShouldBe(ReasonCode.ReceiveMaximumExceeded);
    }

    [Fact]
    public async Task A_server_that_exceeds_the_receive_maximum_is_heard_by_who_does_not_enforce_it()
    {
        var handled = new TaskCompletionSource();
        var server = new ScriptedServer { Handler = (_, _) => new(handled.Task) };
        await using var client = await server.AcceptAsync(ScriptedServer.Options() with { ReceiveMaximum = 1, EnforcesReceiveMaximum = false });

        await server.SendAsync("32 06 00 01 't' 00 01 00 32 06 00 01 't' 00 02 00 32 06 00 01 't' 00 03 00 32 06 00 01 't' 00 04 00");
        handled.SetResult();

        for (var identifier = 1; identifier <= 4; identifier++) (await server.ReadAsync()).ShouldContain($"Puback {identifier}");
    }

    [Fact]
    public async Task Messages_of_QoS_0_that_would_keep_the_rest_from_being_read_are_dropped_and_counted()
    {
        var (handled, dropped) = (new TaskCompletionSource(), new SemaphoreSlim(0));
        var server = new ScriptedServer { Handler = (_, token) => new(handled.Task.WaitAsync(token)) };
        await using var client = await server.AcceptAsync(ScriptedServer.Options() with { ReceiveMaximum = 2, Overflowed = () => dropped.Release() });

        // One is with the handler, two wait, and those behind find no place. Those of QoS 1 have theirs.
        await server.SendAsync("30 04 00 01 't' 00 30 04 00 01 't' 00 30 04 00 01 't' 00 30 04 00 01 't' 00 30 04 00 01 't' 00 32 06 00 01 't' 00 01 00 32 06 00 01 't' 00 02 00");
        for (var times = 0; times < 2; times++) (await dropped.WaitAsync(Patience)).ShouldBeTrue();
        handled.SetResult();

        for (var identifier = 1; identifier <= 2; identifier++) (await server.ReadAsync()).ShouldContain($"Puback {identifier}");
    }

    [Theory]
    [InlineData("30 06 00 00 03 23 00 05", "<TopicAliasInvalid>", "[MQTT5-3.1.2-26] above the maximum")]
    [InlineData("30 06 00 00 03 23 00 01", "<ProtocolError>", "an alias that was not set")]
    [InlineData("20 03 00 00 00", "<ProtocolError>", "a second CONNACK")]
    [InlineData("F0 00", "<ProtocolError>", "AUTH that nobody asked for")]
    [InlineData("30 FF FF 7F", "<PacketTooLarge>", "[MQTT5-3.1.2-24]")]
    [InlineData("90 04 00 09 00 00", "<ProtocolError>", "SUBACK of nothing")]
    [InlineData("30 05 00 01 '#' 00 'x'", "Malformed", "[MQTT5-3.3.2-2]")]
    public async Task A_fault_of_the_server_ends_the_connection_with_the_reason(string bytes, string reason, string clause)
    {
        var server = new ScriptedServer();
        var client = await server.AcceptAsync(ScriptedServer.Options() with { TopicAliasMaximum = 2 });

        await server.SendAsync(bytes);

        (await server.ReadAsync()).ShouldContain(reason, customMessage: clause);
        (await server.ReadAsync()).ShouldBe("closed");
        (await client.Ended.WaitAsync(Patience)).Cause.ShouldBe(MqttEndingCause.ProtocolError);
    }

    [Fact]
    public async Task Before_MQTT_5_a_fault_of_the_server_is_answered_by_closing()
    {
        var server = new ScriptedServer();
        var client = await server.AcceptAsync(ScriptedServer.Options(MqttVersion.V311));

        await server.SendAsync("20 02 00 00");

        (await server.ReadAsync()).ShouldBe("closed");
        (await client.Ended.WaitAsync(Patience)).Cause.ShouldBe(MqttEndingCause.ProtocolError);
    }

    [Fact]
    public async Task The_reason_of_a_server_that_disconnects_is_kept()
    {
        var server = new ScriptedServer();
        var client = await server.AcceptAsync();

        await server.SendAsync("E0 07 9D 05 1C 00 02 'b2'");

        var ending = await client.Ended.WaitAsync(Patience);
        ending.ShouldBe(new MqttEnding(MqttEndingCause.Server, ReasonCode.ServerMoved, ending.Detail, "b2"));
        (await Should.ThrowAsync<MqttConnectionException>(client.PublishAsync(Message(QualityOfService.AtMostOnce), CancellationToken.None))).Ending.ShouldBe(ending);
    }

    [Fact]
    public async Task Each_filter_has_its_own_result()
    {
        var server = new ScriptedServer();
        await using var client = await server.AcceptAsync(connack: "20 05 00 00 02 28 00");

        var subscribing = client.SubscribeAsync(
            [new SubscriptionRequest { Filter = "a" }, new SubscriptionRequest { Filter = "b/#" }, new SubscriptionRequest { Filter = "c" }], identifier: 0, CancellationToken.None);
        (await server.ReadAsync()).ShouldNotContain("b/#");
        await server.SendAsync("90 05 00 01 00 00 87");
        (await subscribing.WaitAsync(Patience)).ShouldBe([ReasonCode.Success, ReasonCode.WildcardSubscriptionsNotSupported, ReasonCode.NotAuthorized]);

        var unsubscribing = client.UnsubscribeAsync(["a", "z"], CancellationToken.None);
        (await server.ReadAsync()).ShouldStartWith("UnsubscribePacket");
        await server.SendAsync("B0 05 00 02 00 00 11");
        (await unsubscribing.WaitAsync(Patience)).ShouldBe([ReasonCode.Success, ReasonCode.NoSubscriptionExisted]);
    }

    [Theory]
    [InlineData("")]
    [InlineData("a/#/b")]
    public async Task What_is_no_filter_is_refused_here(string filter)
    {
        var server = new ScriptedServer();
        await using var client = await server.AcceptAsync();

        await Should.ThrowAsync<ArgumentException>(client.SubscribeAsync([new SubscriptionRequest { Filter = filter }], 0, CancellationToken.None));
        await Should.ThrowAsync<ArgumentException>(client.PublishAsync(Message(QualityOfService.AtMostOnce, "+"), CancellationToken.None));
    }

    [Fact]
    public async Task A_half_open_connection_is_found_by_asking()
    {
        var server = new ScriptedServer();
        var client = await server.AcceptAsync(ScriptedServer.Options() with { KeepAlive = TimeSpan.FromSeconds(60) });

        var next = server.ReadAsync();
        await TurnUntilAsync(server, next);
        (await next).ShouldBe("Pingreq");
        await server.SendAsync("D0 00");
        next = server.ReadAsync();
        await TurnUntilAsync(server, next);
        (await next).ShouldBe("Pingreq", "an answer has kept it alive");
        await TurnUntilAsync(server, client.Ended);

        (await client.Ended).Cause.ShouldBe(MqttEndingCause.NoAnswer);
    }

    [Fact]
    public async Task A_message_that_takes_long_to_send_does_not_look_like_a_dead_connection_until_the_line_takes_no_more()
    {
        const int Steps = 40, LineBytes = 64 * 1024;
        var server = new ScriptedServer();
        var client = await server.AcceptAsync(ScriptedServer.Options() with { KeepAlive = TimeSpan.FromSeconds(60) });
        await client.SendAsync(new MqttApplicationMessage("t", new byte[(Steps + 2) * LineBytes]) { QualityOfService = QualityOfService.AtLeastOnce }, CancellationToken.None).WaitAsync(Patience);

        for (var step = 0; step < Steps; step++)
        {
            await server.TakeAsync(LineBytes); // Waits until the line is full again.
            server.Clock.Advance(TimeSpan.FromSeconds(4));
            await Task.Delay(TimeSpan.FromMilliseconds(5)); // Without it the clock would pass timers that are not set yet, and nothing would be asked.
        }

        client.Ended.IsCompleted.ShouldBeFalse("160 s without a packet, but not without a byte");
        await TurnUntilAsync(server, client.Ended);
        (await client.Ended).Cause.ShouldBe(MqttEndingCause.NoAnswer);
    }

    [Fact]
    public async Task A_handler_without_room_is_not_the_servers_doing()
    {
        var server = new ScriptedServer { Handler = (_, _) => throw new IOException("no room") };
        var client = await server.AcceptAsync();
        await server.SendAsync("32 07 00 01 'a' 00 07 00 'x'");

        var ending = await client.Ended.WaitAsync(Patience);

        (ending.Cause, ending.IsClosedByServer, ending.Detail).ShouldBe((MqttEndingCause.LocalFault, false, "no room"));
    }

    [Fact]
    public async Task A_client_says_goodbye()
    {
        var server = new ScriptedServer();
        var client = await server.AcceptAsync(ScriptedServer.Options(MqttVersion.V311));

        var ending = await client.DisconnectAsync().WaitAsync(Patience).ContinueWith(_ => client.Ended, TaskScheduler.Default).Unwrap();

        ending.Cause.ShouldBe(MqttEndingCause.Requested);
        (await server.ReadAsync()).ShouldStartWith("DisconnectPacket");
        (await server.ReadAsync()).ShouldBe("closed");
    }

    // Turned in small steps: the loop has to have set its next timer before the clock passes it.
    private static async Task TurnUntilAsync(ScriptedServer server, Task wanted)
    {
        for (var turns = 0; !wanted.IsCompleted && turns < 10_000; turns++)
        {
            server.Clock.Advance(TimeSpan.FromSeconds(1));
            await Task.WhenAny(wanted, Task.Delay(TimeSpan.FromMilliseconds(5)));
        }

        wanted.IsCompleted.ShouldBeTrue();
    }
}
