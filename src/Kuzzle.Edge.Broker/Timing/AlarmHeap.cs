namespace Kuzzle.Edge.Broker.Timing;

/// <summary>The alarms that wait, the next one first: a binary heap whose members know their places, so that each can be taken out. Not for several threads.</summary>
internal sealed class AlarmHeap
{
    private const int SmallestCapacity = 16;

    private Alarm[] _alarms = new Alarm[SmallestCapacity];

    public int Count { get; private set; }

    public Alarm? First => Count == 0 ? null : _alarms[0];

    /// <summary>Adds an alarm, or finds the place of one whose time is earlier than it was.</summary>
    public void Raise(Alarm alarm)
    {
        if (alarm.Place < 0)
        {
            if (Count == _alarms.Length) Array.Resize(ref _alarms, Count * 2);
            alarm.Place = Count++;
        }

        var place = alarm.Place;
        while (place > 0)
        {
            var parent = _alarms[(place - 1) / 2];
            if (parent.Due <= alarm.Due) break;

            place = Put(parent, place);
        }

        Put(alarm, place);
    }

    public void Remove(Alarm alarm)
    {
        if (alarm.Place < 0) return;

        var place = alarm.Place;
        var last = _alarms[--Count];
        _alarms[Count] = null!;
        alarm.Place = -1;
        if (last != alarm)
        {
            last.Place = place;
            Raise(last);
            if (last.Place == place) Sink(last);
        }

        if (_alarms.Length > SmallestCapacity && Count < _alarms.Length / 4) Array.Resize(ref _alarms, _alarms.Length / 2);
    }

    private void Sink(Alarm alarm)
    {
        var place = alarm.Place;
        while (true)
        {
            var child = (place * 2) + 1;
            if (child >= Count) break;

            if (child + 1 < Count && _alarms[child + 1].Due < _alarms[child].Due) child++;
            if (alarm.Due <= _alarms[child].Due) break;

            place = Put(_alarms[child], place);
        }

        Put(alarm, place);
    }

    /// <returns>The place that it had before, which is free now.</returns>
    private int Put(Alarm alarm, int place)
    {
        var before = alarm.Place;
        alarm.Place = place;
        _alarms[place] = alarm;
        return before;
    }
}
