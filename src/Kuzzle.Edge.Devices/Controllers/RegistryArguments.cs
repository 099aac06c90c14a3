using System.Text.Json;
using System.Text.Json.Nodes;
using Kuzzle.Edge.Api.Requests;
using Kuzzle.Edge.Devices.Registry;

namespace Kuzzle.Edge.Devices.Controllers;

/// <summary>What the actions of the registry have in common.</summary>
internal static class RegistryArguments
{
    /// <summary>The application: the argument <c>application</c>, or the one whose index is named.</summary>
    public static string Application(this Arguments arguments, ApiRequest request, RegistryBook book)
    {
        if (request.Argument("application").ValueKind is not (JsonValueKind.Undefined or JsonValueKind.Null)) return arguments.Text("application", "");
        if (string.IsNullOrEmpty(request.Index))
        {
            arguments.Refuse(Api.Errors.AssertErrors.MissingArgument("application"));
            return "";
        }

        return book.FindApplicationOfIndex(request.Index)?.Name ?? request.Index;
    }

    /// <summary>The body as an object that may be changed.</summary>
    public static JsonObject Document(this Arguments arguments) => DocumentBytes.NodeOf(arguments.BodyObject()) as JsonObject ?? [];

    /// <summary>Who asks, as metadata shows it.</summary>
    public static string? Author(this ApiRequest request) => request.Caller.Kuid;

    /// <summary>A document in an answer.</summary>
    public static JsonObject Show(string id, JsonElement source) => new() { ["_id"] = id, ["_source"] = DocumentBytes.NodeOf(source) };
}
