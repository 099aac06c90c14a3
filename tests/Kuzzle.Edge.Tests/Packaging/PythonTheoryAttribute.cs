namespace Kuzzle.Edge.Tests.Packaging;

/// <inheritdoc cref="PythonFactAttribute"/>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class PythonTheoryAttribute : TheoryAttribute
{
    internal const string Reason = "It needs python3.";

    public PythonTheoryAttribute()
    {
        if (!File.Exists("/usr/bin/python3")) Skip = Reason;
    }
}
