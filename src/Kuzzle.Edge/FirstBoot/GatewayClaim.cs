using System.Buffers;
using System.Net.Http.Headers;
using System.Text.Json;

namespace Kuzzle.Edge.FirstBoot;

/// <summary>Asks the running gateway for its first administrator.</summary>
/// <param name="gateway">Its HTTP address.</param>
internal sealed class GatewayClaim(Uri gateway)
{
    /// <summary>Hashing a password takes a small board half a second; the rest is for one that is busy.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    /// <summary>Makes the administrator, or without one asks with empty hands: the answer tells whether there is one.</summary>
    /// <param name="code">The claim code, or null.</param>
    /// <param name="admin">Who shall be it, or null.</param>
    /// <param name="cancellationToken">Ends the waiting; the administrator may have been made nevertheless.</param>
    public async Task<ClaimAnswer> TryAsync(string? code, FirstAdmin? admin, CancellationToken cancellationToken)
    {
        try
        {
            using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
            limit.CancelAfter(Patience);
            var answer = await AskAsync(code, admin, limit.Token);
            if (answer.GetProperty("status").GetInt32() == 200) return new ClaimAnswer(ClaimState.Claimed);

            var error = answer.GetProperty("error");
            return error.GetProperty("id").GetString() switch
            {
                "api.process.admin_exists" => new ClaimAnswer(ClaimState.Claimed),
                _ when admin is null => new ClaimAnswer(ClaimState.Unclaimed),
                "security.rights.unauthorized" => new ClaimAnswer(ClaimState.Refused, $"the gateway refuses the administrator {admin.Name}: {error.GetProperty("message").GetString()}"),
                _ => new ClaimAnswer(ClaimState.Unclaimed, $"the gateway refuses the administrator {admin.Name}: {error.GetProperty("message").GetString()}"),
            };
        }
        catch (Exception failure) when (failure is HttpRequestException or JsonException or InvalidOperationException or KeyNotFoundException)
        {
            return new ClaimAnswer(ClaimState.Unknown, $"{gateway} does not answer as a gateway does: {failure.GetBaseException().Message}");
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return new ClaimAnswer(ClaimState.Unknown, $"{gateway} did not answer within {Patience.TotalSeconds:0} s");
        }
    }

    private async Task<JsonElement> AskAsync(string? code, FirstAdmin? admin, CancellationToken cancellationToken)
    {
        using var client = new HttpMessageInvoker(new SocketsHttpHandler());
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(gateway, "_query"))
        {
            Content = new ReadOnlyMemoryContent(QueryOf(code, admin)) { Headers = { ContentType = new MediaTypeHeaderValue("application/json") } },
        };
        using var response = await client.SendAsync(request, cancellationToken);
        return JsonElement.Parse(await response.Content.ReadAsByteArrayAsync(cancellationToken));
    }

    private static ReadOnlyMemory<byte> QueryOf(string? code, FirstAdmin? admin)
    {
        var json = new ArrayBufferWriter<byte>();
        using var writer = new Utf8JsonWriter(json);
        writer.WriteStartObject();
        writer.WriteString("controller", "security");
        writer.WriteString("action", "createFirstAdmin");
        if (admin is not null) writer.WriteString("_id", admin.Name);
        writer.WriteStartObject("body");
        if (admin is not null)
        {
            if (code is not null) writer.WriteString("claimCode", code);
            writer.WriteStartObject("credentials");
            writer.WriteStartObject("local");
            writer.WriteString("username", admin.Name);
            writer.WriteString("password", admin.Password);
            writer.WriteEndObject();
            writer.WriteEndObject();
        }
        else
        {
            writer.WriteString("claimCode", ""); // Of no box, so that asking does not make an administrator without credentials.
        }

        writer.WriteEndObject();
        writer.WriteEndObject();
        writer.Flush();
        return json.WrittenMemory;
    }
}
