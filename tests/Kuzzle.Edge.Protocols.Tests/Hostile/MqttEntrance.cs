using System.Text;
using System.Text.Json;
using Kuzzle.Edge.Protocols.Tests.KuzzleV2;
using Kuzzle.Edge.Testing.Hostile;
using Topics = Kuzzle.Edge.Protocols.Tests.KuzzleV2.Requests;

namespace Kuzzle.Edge.Protocols.Tests.Hostile;

/// <summary>Publications on the request topic.</summary>
internal sealed class MqttEntrance(StoredGateway gateway, RequestGrammar grammar) : IFuzzedEntrance
{
    private WireClient? _client;
    private int _asked;

    public string Sent { get; private set; } = "";

    public async Task<string?> AskAsync()
    {
        var payload = grammar.Next();
        Sent = Encoding.UTF8.GetString(payload);
        _client ??= await gateway.ConnectMqttAsync();

        await _client.PublishAsync(Topics.RequestTopic, payload);
        var error = AnswerShape.Check(await ReceiveAnswerAsync());

        var id = $"next-{++_asked}";
        await _client.PublishAsync(Topics.RequestTopic, $$"""{"controller":"auth","action":"checkToken","requestId":"{{id}}"}""");
        (await ReceiveAnswerAsync()).GetProperty("requestId").GetString().ShouldBe(id, "there was more than one answer");
        return error;
    }

    public async ValueTask DisposeAsync()
    {
        if (_client is not null) await _client.DieAsync();
    }

    /// <summary>The next message on the response topic; notifications come on others.</summary>
    private async Task<JsonElement> ReceiveAnswerAsync()
    {
        while (true)
        {
            var message = await _client!.ReadPublishAsync();
            if (message.Topic == Topics.ResponseTopic) return JsonElement.Parse(message.Payload);
        }
    }
}
