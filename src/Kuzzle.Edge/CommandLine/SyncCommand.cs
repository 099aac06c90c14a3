using System.Buffers;
using System.Globalization;
using System.Net.Http.Headers;
using System.Text.Json;

namespace Kuzzle.Edge.CommandLine;

/// <summary><c>kuzzle-edge sync</c>: asks the running gateway about its link to the upstream.</summary>
internal static class SyncCommand
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(15);

    /// <summary>Asks for an action of <c>edge/sync</c> and prints what it answers.</summary>
    /// <param name="gateway">The gateway's HTTP address.</param>
    /// <param name="token">A token or API key of an administrator; null to be anonymous.</param>
    /// <param name="action">The action.</param>
    /// <param name="collection">For <c>resync</c>: index/collection; else null.</param>
    /// <param name="output">Where the answer is printed.</param>
    public static async Task<int> InvokeAsync(Uri gateway, string? token, string action, string? collection, TextWriter output, CancellationToken cancellationToken)
    {
        var names = collection?.Split('/');
        if (collection is not null && names is not [{ Length: > 0 }, { Length: > 0 }])
        {
            return Fail(ExitCode.Usage, $"a collection is written index/collection, not \"{collection}\"");
        }

        try
        {
            using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
            limit.CancelAfter(Patience);
            var answer = await AskAsync(new Uri(gateway, "_query"), token, action, names, limit.Token);
            if (answer.TryGetProperty("error", out var error) && error.ValueKind == JsonValueKind.Object)
            {
                return Fail(ExitCode.Unexpected, $"{gateway} refuses: {error.GetProperty("message").GetString()} ({error.GetProperty("id").GetString()})");
            }

            Print(output, answer.GetProperty("result"), indent: "");
            return (int)ExitCode.Success;
        }
        catch (Exception failure) when (failure is HttpRequestException or JsonException or InvalidOperationException or KeyNotFoundException)
        {
            return Fail(ExitCode.AddressUnavailable, $"{gateway} does not answer as a gateway does: {failure.GetBaseException().Message}");
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return Fail(ExitCode.AddressUnavailable, $"{gateway} did not answer within {Patience.TotalSeconds:0} s");
        }
    }

    private static async Task<JsonElement> AskAsync(Uri query, string? token, string action, string[]? collection, CancellationToken cancellationToken)
    {
        var body = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(body))
        {
            writer.WriteStartObject();
            writer.WriteString("controller", "edge/sync");
            writer.WriteString("action", action);
            if (token is not null) writer.WriteString("jwt", token);
            if (collection is [var index, var name])
            {
                writer.WriteString("index", index);
                writer.WriteString("collection", name);
            }

            writer.WriteEndObject();
        }

        using var client = new HttpMessageInvoker(new SocketsHttpHandler());
        using var request = new HttpRequestMessage(HttpMethod.Post, query)
        {
            Content = new ReadOnlyMemoryContent(body.WrittenMemory) { Headers = { ContentType = new MediaTypeHeaderValue("application/json") } },
        };
        using var response = await client.SendAsync(request, cancellationToken);
        return JsonElement.Parse(await response.Content.ReadAsByteArrayAsync(cancellationToken));
    }

    /// <summary>One line for each value; moments, which are milliseconds since 1970, as people write them.</summary>
    private static void Print(TextWriter output, JsonElement value, string indent)
    {
        foreach (var member in value.EnumerateObject())
        {
            switch (member.Value.ValueKind)
            {
                case JsonValueKind.Object:
                    output.WriteLine($"{indent}{member.Name}:");
                    Print(output, member.Value, indent + "  ");
                    break;
                case JsonValueKind.Array:
                    output.WriteLine($"{indent}{member.Name}: {member.Value.GetArrayLength()}");
                    foreach (var item in member.Value.EnumerateArray()) PrintItem(output, item, indent + "  ");
                    break;
                case JsonValueKind.Null:
                    output.WriteLine($"{indent}{member.Name}: -");
                    break;
                case JsonValueKind.Number when member.Name is "since" or "oldest" or "lastDelivery" && member.Value.TryGetInt64(out var moment):
                    output.WriteLine($"{indent}{member.Name}: {DateTimeOffset.FromUnixTimeMilliseconds(moment).ToString("yyyy-MM-dd HH:mm:ss'Z'", CultureInfo.InvariantCulture)}");
                    break;
                default:
                    output.WriteLine($"{indent}{member.Name}: {member.Value}");
                    break;
            }
        }
    }

    private static void PrintItem(TextWriter output, JsonElement item, string indent)
    {
        if (item.ValueKind != JsonValueKind.Object || !item.TryGetProperty("name", out var name))
        {
            output.WriteLine($"{indent}{item}");
            return;
        }

        output.WriteLine($"{indent}{name}:");
        Print(output, item, indent + "  ");
    }

    private static int Fail(ExitCode code, string message)
    {
        StandardError.Write(code, message);
        return (int)code;
    }
}
