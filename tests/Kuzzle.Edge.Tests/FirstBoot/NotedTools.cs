using Kuzzle.Edge.FirstBoot;

namespace Kuzzle.Edge.Tests.FirstBoot;

/// <summary>Programs of the system that only note what they were told, and do it well unless a test says otherwise.</summary>
internal sealed class NotedTools : ISystemTools
{
    /// <summary>One line for each call: the program, its arguments, and after "&lt;" what it read.</summary>
    public List<string> Calls { get; } = [];

    /// <summary>The program that refuses.</summary>
    public string? Refusing { get; set; }

    public string? Run(string program, IReadOnlyList<string> arguments, string input = "")
    {
        var name = Path.GetFileName(program);
        Calls.Add($"{string.Join(' ', [name, .. arguments])}{(input.Length == 0 ? "" : $" < {input.TrimEnd()}")}");
        return name == Refusing ? "no" : null;
    }
}
