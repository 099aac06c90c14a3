using Kuzzle.Edge.Koncorde.Conditions;
using Kuzzle.Edge.Koncorde.Documents;

namespace Kuzzle.Edge.Koncorde.Indexes;

/// <summary>An element of an array passes a query, or there is none that does.</summary>
internal sealed class SelectPlan : Plan
{
    private readonly DocumentField _field;
    private readonly SelectCondition _select;
    private readonly bool _isNegated;
    private readonly ExpressionIndex _query = new();

    public SelectPlan(DocumentField field, SelectCondition select, bool isNegated)
    {
        _field = field;
        _select = select;
        _isNegated = isNegated;
        _query.Add(select.Query);
    }

    public override bool Holds() =>
        (_select.TryGetElement(_field, out var element) && _query.CollectElement(element).Length > 0) != _isNegated;
}
