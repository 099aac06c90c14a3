using System.Text.Json;
using Kuzzle.Edge.Testing;

namespace Kuzzle.Edge.Api.Tests.Errors;

/// <summary>The errors that Kuzzle documents, where that list is at hand.</summary>
internal static class KnownErrors
{
    private static readonly Dictionary<string, (int Code, int Status)>? All = Read();

    /// <summary>Fails unless Kuzzle knows an error of that id, with the same code and status.</summary>
    public static void ShouldBeAsInKuzzle(JsonElement error)
    {
        if (All is null) return;

        var id = error.GetProperty("id").GetString()!;
        All.ShouldContainKey(id);
        (error.GetProperty("code").GetInt32(), error.GetProperty("status").GetInt32()).ShouldBe(All[id], id);
    }

    private static Dictionary<string, (int Code, int Status)>? Read()
    {
        if (SharedMaterial.FileAt("reference", "kuzzle-errors.json") is not { } file) return null;

        using var reference = JsonDocument.Parse(File.ReadAllBytes(file));
        return reference.RootElement.GetProperty("errors").EnumerateArray().ToDictionary(
            entry => entry.GetProperty("id").GetString()!, entry => (entry.GetProperty("code").GetInt32(), entry.GetProperty("status").GetInt32()), StringComparer.Ordinal);
    }
}
