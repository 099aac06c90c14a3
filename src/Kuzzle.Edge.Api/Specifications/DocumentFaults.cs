using System.Text.Json.Nodes;
using Kuzzle.Edge.Api.Errors;

namespace Kuzzle.Edge.Api.Specifications;

/// <summary>What is wrong with a document, in the order in which it was found.</summary>
internal sealed class DocumentFaults
{
    private readonly List<(IReadOnlyList<string> Path, string Message)> _faults = [];

    public bool IsEmpty => _faults.Count == 0;

    /// <summary>The first one, as a refused write tells it.</summary>
    public ApiError? First => IsEmpty ? null
        : _faults[0].Path.Count == 0 ? ValidationErrors.FailedDocument(_faults[0].Message)
        : ValidationErrors.FailedField(string.Join('.', _faults[0].Path), _faults[0].Message);

    /// <summary>About a field.</summary>
    public void Add(IReadOnlyList<string> path, string message) => _faults.Add((path, message));

    /// <summary>About the document as a whole.</summary>
    public void AddToDocument(string message) => _faults.Add(([], message));

    /// <summary>All of them, as <c>document:validate</c> tells them.</summary>
    public JsonObject ToJson()
    {
        var answer = new JsonObject();
        foreach (var (path, message) in _faults)
        {
            if (path.Count == 0)
            {
                if (answer["documentScope"] is not JsonArray scope) answer["documentScope"] = scope = [];
                scope.Add((JsonNode?)JsonValue.Create(message));
                continue;
            }

            if (answer["fieldScope"] is not JsonObject level) answer["fieldScope"] = level = [];
            foreach (var name in path)
            {
                if (level["children"] is not JsonObject children) level["children"] = children = [];
                if (children[name] is not JsonObject child) children[name] = child = [];
                level = child;
            }

            if (level["messages"] is not JsonArray messages) level["messages"] = messages = [];
            messages.Add((JsonNode?)JsonValue.Create(message));
        }

        return answer;
    }
}
