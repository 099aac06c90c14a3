namespace Kuzzle.Edge.Tests.Packaging;

/// <summary>A test of a script in Python, skipped where there is none.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class PythonFactAttribute : FactAttribute
{
    public PythonFactAttribute()
    {
        if (!File.Exists("/usr/bin/python3")) Skip = PythonTheoryAttribute.Reason;
    }
}
