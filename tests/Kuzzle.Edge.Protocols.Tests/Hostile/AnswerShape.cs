using System.Text.Json;

namespace Kuzzle.Edge.Protocols.Tests.Hostile;

/// <summary>What every answer looks like, whatever was asked.</summary>
internal static class AnswerShape
{
    private static readonly string[] Members = ["requestId", "status", "error", "controller", "action", "collection", "index", "volatile", "node", "headers"];

    /// <summary>Fails unless this is an answer; answers its error's id, or null.</summary>
    public static string? Check(JsonElement answer)
    {
        answer.ValueKind.ShouldBe(JsonValueKind.Object);
        foreach (var member in Members) answer.TryGetProperty(member, out _).ShouldBeTrue($"\"{member}\" is missing: {answer}");
        answer.GetProperty("requestId").GetString().ShouldNotBeNullOrEmpty();
        var status = answer.GetProperty("status").GetInt32();
        var error = answer.GetProperty("error");
        if (error.ValueKind == JsonValueKind.Null)
        {
            status.ShouldBe(200);
            return null;
        }

        status.ShouldBe(error.GetProperty("status").GetInt32());
        error.GetProperty("message").GetString().ShouldNotBeNullOrEmpty();
        if (error.TryGetProperty("id", out var id)) return id.GetString().ShouldNotBeNull();

        // As in Kuzzle, the strategy's own refusals have no id; nothing of ours may fail so.
        status.ShouldBeInRange(400, 499);
        return "";
    }
}
