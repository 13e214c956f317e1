// Python's strftime, which is the C library's under the locale "C", and microseconds of its own.

const DAYS = ["Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday"];
const MONTHS = ["January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November", "December"];
const MOST_WIDTH = 1024;

const isLeap = (year) => (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0;

// The week of ISO 8601 and the year that it belongs to: a year's first week is the one with its first Thursday.
function isoWeek({ year, yearDay, weekday }) {
	const week = Math.floor((yearDay - ((weekday + 6) % 7) + 9) / 7);
	if (week < 1) {
		const length = isLeap(year - 1) ? 366 : 365;
		return isoWeek({ year: year - 1, yearDay: yearDay + length, weekday });
	}
	const weekdayOfLast = (weekday + (isLeap(year) ? 366 : 365) - yearDay) % 7;
	const hasMore = weekdayOfLast >= 4 || weekdayOfLast === 0;
	return week === 53 && !hasMore ? { week: 1, year: year + 1 } : { week, year };
}

const number = (value, width = 2, fill = "0") => ({ digits: String(value), width, fill });

// Numbers with the width that they are filled to, texts, and texts that are made of other codes.
const CODES = {
	Y: (now) => number(now.year, 1), C: (now) => number(Math.floor(now.year / 100)), y: (now) => number(now.year % 100),
	m: (now) => number(now.month), d: (now) => number(now.day), e: (now) => number(now.day, 2, " "), j: (now) => number(now.yearDay, 3),
	H: (now) => number(now.hour), I: (now) => number(now.hour % 12 || 12), k: (now) => number(now.hour, 2, " "), l: (now) => number(now.hour % 12 || 12, 2, " "),
	M: (now) => number(now.minute), S: (now) => number(now.second), s: (now) => number(now.epoch, 1),
	u: (now) => number(now.weekday || 7, 1), w: (now) => number(now.weekday, 1),
	U: (now) => number(Math.floor((now.yearDay + 6 - now.weekday) / 7)), W: (now) => number(Math.floor((now.yearDay + 6 - ((now.weekday + 6) % 7)) / 7)),
	V: (now) => number(isoWeek(now).week), G: (now) => number(isoWeek(now).year, 1), g: (now) => number(isoWeek(now).year % 100),
	B: (now) => MONTHS[now.month - 1], b: (now) => MONTHS[now.month - 1].slice(0, 3), h: (now) => MONTHS[now.month - 1].slice(0, 3),
	A: (now) => DAYS[now.weekday], a: (now) => DAYS[now.weekday].slice(0, 3),
	p: (now) => (now.hour < 12 ? "AM" : "PM"), P: (now) => (now.hour < 12 ? "am" : "pm"), n: () => "\n", t: () => "\t", "%": () => "%",
	c: (now) => strftime("%a %b %e %H:%M:%S %Y", now), x: (now) => strftime("%m/%d/%y", now), X: (now) => strftime("%H:%M:%S", now),
	D: (now) => strftime("%m/%d/%y", now), F: (now) => strftime("%Y-%m-%d", now), T: (now) => strftime("%H:%M:%S", now),
	R: (now) => strftime("%H:%M", now), r: (now) => strftime("%I:%M:%S %p", now),
};

export function strftime(format, now) {
	// Python's own codes come first and take no flags; a time without a zone has no name and no offset.
	const own = { f: String(now.microsecond).padStart(6, "0"), z: "", Z: "" };
	const replaced = format.replace(/%([%fzZ])/g, (whole, code) => own[code] ?? whole);
	return replaced.replace(/%([-_0^#]*)(\d*)[EO]?([A-Za-z%])/g, (whole, flags, width, code) => {
		if (code === "z" || code === "Z") return "";
		if (!Object.hasOwn(CODES, code)) return whole;
		const part = CODES[code](now);
		const isNumber = typeof part !== "string";
		const fill = [...flags].filter((flag) => "-_0".includes(flag)).at(-1) ?? "";
		const least = Math.min(MOST_WIDTH, Math.max(Number(width), isNumber && fill !== "-" ? part.width : 0));
		const padding = fill === "0" ? "0" : fill === "_" || fill === "-" || !isNumber ? " " : part.fill;
		const text = (isNumber ? part.digits : part).padStart(least, padding);
		if (flags.includes("#")) return code === "p" ? text.toLowerCase() : text.toUpperCase();
		return flags.includes("^") ? text.toUpperCase() : text;
	});
}
