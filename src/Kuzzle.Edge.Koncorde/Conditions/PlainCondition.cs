using Kuzzle.Edge.Koncorde.Documents;
using Kuzzle.Edge.Koncorde.Text;

namespace Kuzzle.Edge.Koncorde.Conditions;

/// <summary>A condition that needs nothing but the value to be tested.</summary>
internal abstract class PlainCondition(Utf8Text name) : Condition(name)
{
    /// <summary>Whether the field of the document now being tested passes. It may be absent.</summary>
    public abstract bool Holds(DocumentField field);
}
