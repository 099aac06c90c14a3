namespace Kuzzle.Edge.Koncorde.Filters;

/// <summary>The keywords and names that lead to the clause now being read.</summary>
internal sealed class ClausePath
{
    private readonly List<string> _steps = [];

    public void Push(string step) => _steps.Add(step);

    public void Pop() => _steps.RemoveAt(_steps.Count - 1);

    /// <summary>A refusal in Kuzzle's form, <c>"path": reason</c>.</summary>
    public string Describe(string reason) => _steps.Count == 0 ? reason : $"\"{string.Join('.', _steps)}\": {reason}";
}
