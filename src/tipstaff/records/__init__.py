"""What is known of people, devices, crimes and answers, and who looked: the Django app `records`.

Its models stay inside this package. The modules beside `models` hand out domain values and small
typed views, and every change of theirs runs inside the transaction that the use case opened.
"""
